"""Which runs failed like another."""

from collections.abc import Callable
from typing import Any

from retab_mcp.analysis.failures.same_failure import (
    SameFailures,
    same_failures,
    signature_of,
    unclear,
)
from retab_mcp.models import ErrorDetails, Failure, Run, StepSummary

Make = Callable[..., StepSummary]


def run(name: str, message: str = "", block: str = "", **fields: Any) -> Run:
    details = ErrorDetails(block_id=block) if block else None
    failure = Failure(message=message, details=details) if message else None
    return Run(id=name, generation="g3", **{"status": "error", "failure": failure, **fields})


def test_runs_that_report_the_same_of_the_same_block(make_step: Make) -> None:
    mine = run("mine", "took 5 s", "book")
    others = [
        run("same", "took 9 s", "book"),
        run("block", "took 9 s", "mail"),
        run("words", "refused", "book"),
        run("done", "took 9 s", "book", status="completed"),
        run("silent"),
        mine,
    ]
    assert same_failures(mine, others) == SameFailures(frozenset({"same"}))
    assert same_failures(run("mine"), others) == SameFailures(known=False)


def test_failed_steps_say_more_than_the_words_of_a_run(make_step: Make) -> None:
    cause = make_step("book", error="took 5 s")
    mine = run("mine", "Run failed", "mail")
    embedded = run("embedded", "x", steps=(make_step("a"), make_step("book", error="took 7 s")))
    other = run("other", "x", steps=(make_step("book", error="refused"),))
    read, words = run("read", "x"), run("words", "took 8 s", "book")
    alike = run("alike", "Run failed", "mail")
    steps = {"read": [make_step("book", error="took 6 s")]}
    found = same_failures(mine, [embedded, other, read, words, alike], cause, steps)
    assert found.run_ids == {"embedded", "read", "words", "alike"}
    assert found.by_own_words == 1
    assert found.known


def test_runs_whose_steps_have_to_be_read(make_step: Make) -> None:
    cause = make_step("book", error="took 5 s")
    mine = run("mine", "x")
    others = [
        mine,
        run("said", "took 9 s", "book"),
        run("embedded", "x", steps=(make_step("a", error="no"),)),
        run("passed", "x", steps=(make_step("a"),)),
        run("vague", "Run failed"),
        run("done", "x", status="completed"),
    ]
    assert [one.id for one in unclear(mine, cause, others)] == ["passed", "vague"]
    assert unclear(mine, None, others) == []
    assert unclear(mine, make_step("book"), others) == []


def test_a_step_without_a_message_has_no_signature(make_step: Make) -> None:
    assert signature_of(make_step("a", error="took 5 s")) == ("a", "took <n> s")
    assert signature_of(make_step("a", error="")) is None
    assert signature_of(make_step("a")) is None
    assert signature_of(None) is None


def test_words_that_are_those_of_the_failed_step_name_it(make_step: Make) -> None:
    cause = make_step("book", error="took 5 s")
    mine = run("mine", "took 5 s", "book")
    others = [run("same", "took 9 s", "book"), run("other", "x", "mail"), run("more", "y", "mail")]
    found = same_failures(mine, others, cause)
    assert found == SameFailures(frozenset({"same"}), by_own_words=2)
