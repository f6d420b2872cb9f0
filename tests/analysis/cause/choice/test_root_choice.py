"""The rule that chose the root cause is named, and only a rule that did."""

from collections.abc import Callable
from typing import Any

import pytest

from retab_mcp.analysis.cause.choice.agreement import Agreement, agreement
from retab_mcp.analysis.cause.choice.candidates import failed_on_their_own, tolerated_failures
from retab_mcp.analysis.cause.root_cause import find_cause
from retab_mcp.models import Artifact, Block, Edge, Failure, Graph, Run, StepSummary

Make = Callable[..., StepSummary]


def _run(message: str = "", **fields: Any) -> Run:
    failure = Failure(message=message) if message else None
    return Run(id="run_1", generation="g3", status="error", failure=failure, **fields)


def _reason(run: Run, steps: list[StepSummary], graph: Graph | None = None) -> str:
    cause = find_cause(run, steps, graph)
    assert cause is not None
    return cause.reasons[0]


def test_each_rule_is_named_where_it_decides(make_step: Make) -> None:
    equal = [make_step("a", 0, error="x"), make_step("b", 0, error="y")]
    assert _reason(_run("y"), equal) == "the run reports this step's error as its own"
    assert _reason(_run(failing_step_id="step_b"), equal) == "the run's failing_step_id names it"
    assert _reason(_run(), equal) == "one of 2 failed steps that nothing tells apart"
    apart = [make_step("a", 5, error="x"), make_step("b", 0, error="y")]
    assert _reason(_run(), apart) == "the first failed step by time"


def test_two_rules_that_decided_together_are_both_named(make_step: Make) -> None:
    steps = [
        make_step("a", 9, error="x"),
        make_step("b", 5, error="x"),
        make_step("c", 0, error="y"),
    ]
    assert _reason(_run("x"), steps) == (
        "the run reports this step's error as its own; the first failed step by time"
    )


def test_the_graph_is_named_only_where_it_decides(make_step: Make) -> None:
    graph = Graph(
        blocks=tuple(Block(id=name) for name in "abc"),
        edges=(Edge(source="a", target="b"), Edge(source="a", target="c")),
    )
    siblings = [make_step("b", 1, error="x"), make_step("c", 2, error="y")]
    assert _reason(_run(), siblings, graph) == "the first failed step by time"
    chain = [make_step("a", 0, error="w"), *siblings]
    assert _reason(_run(), chain, graph) == "the first failed step in the executed graph"


def _loop(make_step: Make, **container: Any) -> list[StepSummary]:
    return [
        make_step("each", 0, 10, type="for_each", **container),
        make_step("work", 1, error="bad row", loops=(("each", 0),)),
        make_step("send", 20, error="503"),
    ]


def test_a_completed_loop_tolerated_its_failures(make_step: Make) -> None:
    steps = _loop(make_step)
    assert [step.block_id for step in failed_on_their_own(steps)] == ["send"]
    assert [step.block_id for step in tolerated_failures(steps)] == ["work"]
    failed = _loop(make_step, status="error")
    assert tolerated_failures(failed) == []


def test_the_end_of_a_loop_shows_that_it_completed(make_step: Make) -> None:
    end = make_step("each_end", 10, type="for_each_sentinel_end")
    steps = [end, *_loop(make_step)[1:]]
    assert [step.block_id for step in tolerated_failures(steps)] == ["work"]
    # The end of one iteration is not the end of the loop.
    inside = make_step("each_end", 10, type="for_each_sentinel_end", loops=(("each", 1),))
    assert tolerated_failures([inside, *_loop(make_step)[1:]]) == []


def test_another_iteration_of_the_loop_around_does_not_count(make_step: Make) -> None:
    steps = [
        make_step("rows", 0, 5, type="for_each", loops=(("pages", 0),)),
        make_step("rows", 6, 5, type="for_each", loops=(("pages", 1),), status="error"),
        make_step("work", 7, error="bad row", loops=(("pages", 1), ("rows", 0))),
        make_step("send", 20, error="503"),
    ]
    assert tolerated_failures(steps) == []


def _call(*attempts: dict[str, Any], **data: Any) -> Artifact:
    return Artifact(
        id="a", operation="api_call_invocation", data={"attempts": list(attempts), **data}
    )


@pytest.mark.parametrize(
    ("message", "artifact", "expected"),
    [
        ("Got 422", _call({"response_status": 422}), Agreement.SHOWS),
        ("Got 422", _call({"response_status": 200}), Agreement.CONTRADICTS),
        ("no field 'x'", _call({"response_status": 200}), Agreement.SILENT),
        ("took 500.25 s", _call({"response_status": 200}), Agreement.SILENT),
        ("failed", _call({"response_status": None, "error": "reset"}), Agreement.SHOWS),
        ("failed", _call(error={"message": "blocked"}), Agreement.SHOWS),
        ("failed", _call(), Agreement.SILENT),
        ("failed", None, Agreement.SILENT),
        (
            "boom",
            Artifact(id="a", operation="function_invocation", data={"output": {"a": 1}}),
            Agreement.CONTRADICTS,
        ),
        (
            "boom",
            Artifact(id="a", operation="extraction", data={"output": {"a": 1}}),
            Agreement.SILENT,
        ),
        ("boom", Artifact(id="a", operation="parse", status="error", data={}), Agreement.SHOWS),
    ],
)
def test_a_record_shows_contradicts_or_is_silent(
    message: str, artifact: Artifact | None, expected: Agreement, make_step: Make
) -> None:
    assert agreement(make_step("a", error=message), artifact) == expected
