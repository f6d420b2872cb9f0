"""Status and failure, from the three forms that the API has used."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.models import ErrorDetails
from retab_mcp.retab.normalize.lifecycle import error_details, failure_of, reason_of, status_of
from tests.retab.wires import JSON

FIELDS = ["lifecycle", "terminal", "status", "error", "error_stage", "error_details", "output"]


@pytest.mark.parametrize(
    ("record", "status"),
    [
        ({"lifecycle": {"status": "completed", "kind": "error"}}, "completed"),
        ({"lifecycle": {"kind": "running"}}, "running"),
        ({"lifecycle": "queued"}, "queued"),
        ({"status": "waiting_for_human"}, "awaiting_review"),
        ({"status": "failed"}, "error"),
        ({"terminal": {"kind": "skipped"}}, "skipped"),
        ({"status": None, "lifecycle": []}, "unknown"),
        ({"status": "a_word_to_come"}, "a_word_to_come"),
    ],
)
def test_status(record: dict[str, Any], status: str) -> None:
    assert status_of(record) == status


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"lifecycle": {"message": "new"}, "error": "old"}, "new"),
        ({"terminal": {"message": "middle"}}, "middle"),
        ({"error": "old"}, "old"),
        ({"error": {"message": "object"}}, "object"),
        ({"error": ["a", "list"]}, '["a", "list"]'),
        ({"lifecycle": {"message": None, "details": {"message": "inside"}}}, "inside"),
        ({"lifecycle": {"message": ""}}, ""),
        ({}, ""),
    ],
)
def test_message(record: dict[str, Any], said: str) -> None:
    failure = failure_of(record, "error")
    assert failure is not None
    assert failure.message == said


@pytest.mark.parametrize(
    "record", [{}, {"error": None}, {"error": ""}, {"error_details": {}}, {"lifecycle": {}}]
)
def test_no_failure_without_error_fields(record: dict[str, Any]) -> None:
    assert failure_of(record, "completed") is None


def test_the_error_of_a_step_that_continued_is_kept() -> None:
    failure = failure_of({"error": "retried", "error_stage": "routing"}, "completed")
    assert failure is not None
    assert (failure.message, failure.stage) == ("retried", "routing")


@pytest.mark.parametrize(
    ("value", "details"),
    [
        (None, None),
        ({}, None),
        ("text", None),
        ({"message": None}, None),
        ({"error_code": 42}, ErrorDetails(error_code="42")),
        ({"code": "c", "details": {"a": 1}}, ErrorDetails(error_code="c", context={"a": 1})),
        ({"context": {"a": 1}, "hint": "h"}, ErrorDetails(context={"hint": "h", "a": 1})),
        ({"context": [1], "hint": "h"}, ErrorDetails(context={"hint": "h", "context": [1]})),
        ({"anything": [1]}, ErrorDetails(context={"anything": [1]})),
    ],
)
def test_unknown_details_are_kept_in_context(value: Any, details: ErrorDetails | None) -> None:
    assert error_details(value) == details


@given(st.dictionaries(st.sampled_from(FIELDS), JSON), st.sampled_from(["error", "skipped"]))
def test_wrong_types_never_fail(record: dict[str, Any], status: str) -> None:
    assert (failure_of(record, "error")) is not None
    assert reason_of(record, status) != ""
    assert status_of(record)
