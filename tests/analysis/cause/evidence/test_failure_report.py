"""The message and the evidence of a failed step, from whichever record has them."""

from typing import Any

import pytest

from retab_mcp.analysis.cause.evidence.failure_report import FailureReport, failure_report
from retab_mcp.models import Artifact, Json
from retab_mcp.retab.normalize import artifact_from_wire, step_from_wire


def report(lifecycle: dict[str, Any], artifact: Artifact | None = None) -> FailureReport:
    """Return the report of a step with this lifecycle."""
    row = {
        "step_id": "s",
        "block_id": "dock",
        "block_label": "Book a dock",
        "block_type": "extract",
    }
    step = step_from_wire({**row, "lifecycle": {"status": "error", **lifecycle}}, run_id="run_1")
    assert step.summary.failure is not None
    return failure_report(step.summary.failure, step.summary, artifact)


def call(status: int, body: Json) -> Artifact:
    """Return an API call with one attempt."""
    attempt = {"request_method": "POST", "response_status": status, "response_body": body}
    return artifact_from_wire({"id": "a", "attempts": [attempt]}, "api_call_invocation", "a")


@pytest.mark.parametrize(
    "details",
    [
        "the dock is closed",
        ["the dock is closed"],
        {"message": "the dock is closed"},
        {"error": {"cause": "the dock is closed"}},
        {"inner": {"msg": "the dock is closed"}},
    ],
)
def test_details_of_any_form(details: Json) -> None:
    assert report({"message": "Step failed", "details": details}).message == "the dock is closed"


def test_undocumented_fields_next_to_the_message() -> None:
    found = report(
        {"message": "Step failed", "cause": {"message": "the dock is closed"}, "opens_at": "06:00"}
    )
    assert found.message == "the dock is closed"
    assert found.evidence["details"] == {"opens_at": "06:00"}


def test_message_that_is_json() -> None:
    found = report({"message": {"error": {"message": "no berth", "free_berths": 0}}})
    assert found.message == "no berth"
    assert found.evidence["details"] == {"error": {"free_berths": 0}}


def test_names_of_the_block_say_nothing() -> None:
    found = report({"message": 'Step "Book a dock" failed', "details": {"reason": "no berth"}})
    assert found.message == "no berth"


def test_response_says_what_the_step_does_not() -> None:
    found = report({"message": "API call failed"}, call(409, {"error": "berth 4 is taken"}))
    assert found.message == "berth 4 is taken"
    assert found.origin == 'the step itself only says "API call failed"'


@pytest.mark.parametrize(
    ("status", "body"), [(200, {"message": "welcome"}), (400, "<html>Bad request</html>")]
)
def test_response_that_explains_nothing(status: int, body: Json) -> None:
    found = report({"message": "API call failed"}, call(status, body))
    assert (found.message, found.origin) == ("API call failed", None)
