"""What a failed step's own record says about its error."""

from collections.abc import Callable
from typing import Any

import pytest

from retab_mcp.analysis.cause.choice.agreement import Agreement, Records, agreement
from retab_mcp.models import Artifact, Failure, StepSummary

Make = Callable[..., StepSummary]


def of_call(make_step: Make, message: str, *attempts: dict[str, Any], **data: Any) -> Agreement:
    record = Artifact(
        id="a", operation="api_call_invocation", data={"attempts": list(attempts), **data}
    )
    return agreement(make_step("book", error=message), record)


@pytest.mark.parametrize(
    ("operation", "data", "fields", "found"),
    [
        ("extraction", {"error": "no"}, {}, Agreement.SHOWS),
        ("extraction", {}, {"failure": Failure(message="no")}, Agreement.SHOWS),
        ("extraction", {}, {"status": "error"}, Agreement.SHOWS),
        ("while_loop_termination", {"termination_reason": "error"}, {}, Agreement.SHOWS),
        ("extraction", {"output": {"a": 1}}, {}, Agreement.SILENT),
        ("function_invocation", {"output": {"a": 1}}, {}, Agreement.CONTRADICTS),
        ("function_invocation", {"output": None}, {}, Agreement.SILENT),
    ],
)
def test_a_record_shows_the_failure_or_a_value(
    make_step: Make, operation: str, data: dict[str, Any], fields: dict[str, Any], found: Agreement
) -> None:
    record = Artifact(**{"id": "a", "operation": operation, "data": data, **fields})
    assert agreement(make_step("a", error="no"), record) is found


def test_answers_of_a_call(make_step: Make) -> None:
    fine = {"response_status": 200}
    assert of_call(make_step, "HTTP 503", fine, {"response_status": 400}) is Agreement.SHOWS
    assert of_call(make_step, "HTTP 503", fine, {"error": {"message": "x"}}) is Agreement.SHOWS
    assert of_call(make_step, "refused", error="no such host") is Agreement.SHOWS
    assert of_call(make_step, "refused") is Agreement.SILENT
    assert of_call(make_step, "refused", {"response_status": 399}) is Agreement.SILENT


@pytest.mark.parametrize("message", ["HTTP 503", "failed: 422 Unprocessable", "(404)"])
def test_a_status_that_no_answer_had_is_a_contradiction(make_step: Make, message: str) -> None:
    assert of_call(make_step, message, {"response_status": 200}) is Agreement.CONTRADICTS


@pytest.mark.parametrize(
    "message", ["503 rows", "1503", "5.503", "503.5", "a-503", "503-a", "4030"]
)
def test_other_numbers_are_no_status(make_step: Make, message: str) -> None:
    is_status = message == "503 rows"
    expected = Agreement.CONTRADICTS if is_status else Agreement.SILENT
    assert of_call(make_step, message, {"response_status": 200}) is expected


def test_a_step_whose_record_was_not_read_is_silent(make_step: Make) -> None:
    step = make_step("a", error="no")
    record = Artifact(id="a", operation="extraction", data={"error": "no"})
    assert Records().agreement(step) is Agreement.SILENT
    assert Records({step.step_id: record}).agreement(step) is Agreement.SHOWS
