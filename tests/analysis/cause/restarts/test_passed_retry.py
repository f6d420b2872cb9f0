"""A run that reports a failed attempt although a later one passed."""

from collections.abc import Callable
from typing import Any

import pytest

from retab_mcp.analysis.cause.restarts.passed_retry import passed_retry, retried_steps
from retab_mcp.analysis.cause.root_cause import RootCause, find_cause
from retab_mcp.models import (
    Artifact,
    ArtifactRef,
    Edge,
    ErrorDetails,
    Failure,
    Graph,
    Run,
    StepSummary,
)
from retab_mcp.models.graph import Block

Make = Callable[..., StepSummary]
CALL = ArtifactRef(operation="api_call_invocation", id="a")
REFUSED = {"error": {"message": "connection refused by 10.0.0.1"}}


def run_of(message: str = "connection refused by 10.0.0.1", **fields: Any) -> Run:
    failure = Failure(message=message, details=fields.pop("details", None))
    return Run(id="run_1", generation="g3", **{"status": "error", "failure": failure, **fields})


def found(make_step: Make, message: str, *attempts: dict[str, Any]) -> RootCause | None:
    book = make_step("book", 0, artifact=CALL, retry_count=1)
    late = make_step("late", None, status="skipped")
    run = run_of(message)
    cause = find_cause(run, [book, late])
    assert cause is not None
    record = Artifact(id="a", operation="api_call_invocation", data={"attempts": list(attempts)})
    graph = Graph(
        blocks=(Block(id="book"), Block(id="late")), edges=(Edge(source="book", target="late"),)
    )
    return passed_retry(run, cause, book, record, [book, late], graph)


def test_the_attempt_that_the_run_reports_is_named(make_step: Make) -> None:
    one = found(
        make_step,
        "call failed: connection refused by 10.0.0.1",
        {"response_status": 503},
        {**REFUSED, "duration_ms": 40},
        {"response_status": 201},
    )
    assert one is not None
    assert one.step is not None
    assert one.step.block_id == "book"
    assert one.reasons[0] == (
        "the run reports attempt 2 of 3 of this step (no response after 40 ms: connection refused"
        " by 10.0.0.1), but the last one passed (201)"
    )
    assert len(one.reasons) == 2
    assert one.downstream == ("step_late",)


def test_the_status_in_the_message_is_enough(make_step: Make) -> None:
    attempts = ({"response_status": 503}, {"response_status": 200})
    one = found(make_step, "HTTP 503", *attempts)
    assert one is not None
    assert "attempt 1 of 2" in one.reasons[0]
    assert found(make_step, "HTTP 502", *attempts) is None


@pytest.mark.parametrize(
    "attempts",
    [
        (REFUSED,),
        (REFUSED, REFUSED),
        (REFUSED, {"response_status": 500}),
        ({"response_status": 200}, {"response_status": 200}),
        ({"error": "error"}, {"response_status": 200}),
    ],
)
def test_another_error_is_not_explained_by_a_retry(
    make_step: Make, attempts: tuple[dict[str, Any], ...]
) -> None:
    assert found(make_step, "connection refused by 10.0.0.1", *attempts) is None


def test_the_step_that_the_run_names_comes_first_among_retried_ones(make_step: Make) -> None:
    steps = [
        *(make_step(name, artifact=CALL, retry_count=1) for name in "abc"),
        make_step("named", artifact=CALL),
        make_step("once", artifact=CALL),
        make_step("bare", retry_count=2),
    ]
    by_step = run_of(failing_step_id="step_named")
    assert [step.block_id for step in retried_steps(by_step, steps)] == ["named", "a", "b"]
    by_block = run_of(details=ErrorDetails(block_id="named"))
    assert [step.block_id for step in retried_steps(by_block, steps)] == ["named", "a", "b"]
    assert [step.block_id for step in retried_steps(run_of(), steps)] == ["a", "b", "c"]


def test_no_retry_explains_a_run_with_a_failed_step_or_without_an_error(make_step: Make) -> None:
    retried = make_step("a", artifact=CALL, retry_count=1)
    assert retried_steps(run_of(), [retried, make_step("b", error="no")]) == []
    assert retried_steps(run_of(status="completed"), [retried]) == []
    assert retried_steps(run_of(failure=None), [retried]) == []
