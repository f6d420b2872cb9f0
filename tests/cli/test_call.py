"""`retab-mcp call`."""

import json

import pytest

from tests.cli.conftest import Run
from tests.samples import sample_named

FAILED = sample_named("label-rejected").runs[0].id


def test_prints_the_exact_answer(run: Run) -> None:
    ran = run("call", "list_runs", "limit=2")
    assert (ran.code, ran.err) == (0, "")
    assert len(json.loads(ran.out)["rows"]) == 2
    assert ran.out.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["dance"], "there is no tool 'dance'. The tools are: get_run, "),
        (["get_run", FAILED], "is not NAME=VALUE. The names are: run_id, wait_seconds."),
        (["get_run", "run_id=a", "run_id=b"], "run_id is given twice."),
    ],
)
def test_wrong_use_is_refused(run: Run, arguments: list[str], reason: str) -> None:
    ran = run("call", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert reason in ran.err


def test_an_error_answer_is_json_too(run: Run) -> None:
    ran = run("call", "list_runs", "limit=many")
    assert ran.code == 2
    assert json.loads(ran.out)["kind"] == "invalid_argument"


def test_text_and_markdown_show_every_field(run: Run) -> None:
    for form in ("--markdown",):
        ran = run("call", "get_step", f"run_id={FAILED}", "step_id=order-label", form)
        assert ran.code == 0
        assert "postcode" in ran.out
