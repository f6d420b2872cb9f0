"""Typed outputs of older steps are read as the records that newer servers keep."""

from typing import Any

import pytest

from retab_mcp.retab.normalize import record_in_output, step_from_wire


def _record(output: Any) -> Any:
    row = {"step_id": "s", "node_id": "s", "status": "error", "error": "Step failed"}
    return record_in_output(step_from_wire({**row, "output": output}, run_id="run_1"))


def test_api_call() -> None:
    record = _record(
        {
            "message": "API call failed",
            "method": "PUT",
            "url": "https://dock.example/slots/4",
            "status_code": 409,
            "response_data": None,
            "response_text": "slot is taken",
            "request_body": {"slot": 4},
            "error": "Conflict",
        }
    )
    assert (record.operation, record.run_id, record.step_id) == (
        "api_call_invocation",
        "run_1",
        "s",
    )
    assert record.failure.message == "Conflict"
    assert record.data["attempts"] == [
        {
            "request_method": "PUT",
            "request_url": "https://dock.example/slots/4",
            "request_body": {"slot": 4},
            "response_status": 409,
            "response_body": "slot is taken",
            "error": {"message": "Conflict"},
        }
    ]


def test_function() -> None:
    record = _record({"stdout": "4 rows", "error": None, "traceback_str": "KeyError: 'x'"})
    assert record.operation == "function_invocation"
    assert record.data["error"] == {"stack_trace": "KeyError: 'x'"}
    assert record.data["stdout"] == "4 rows"


@pytest.mark.parametrize(
    "output", [None, "text", [], {}, {"extracted_data": {}}, {"skipped": True}]
)
def test_other_outputs_are_no_records(output: Any) -> None:
    assert _record(output) is None


def test_odd_fields_do_not_fail() -> None:
    record = _record({"status_code": "x", "url": 7, "method": None, "error": ["a"]})
    assert record.data["attempts"][0]["response_status"] is None
