"""Functions: summary and evidence."""

from inline_snapshot import snapshot

from retab_mcp.models import ErrorDetails, Failure
from tests.analysis.operations.reading import evidence_of, summary_of


def test_summary_shows_exception_inputs_and_output() -> None:
    data = {"inputs": {"a": 1}, "output": None, "duration_ms": 12, "error": "KeyError: 'C3'"}
    assert summary_of("function_invocation", data).value == snapshot(
        {"error": "KeyError: 'C3'", "duration_ms": 12, "inputs": {"a": 1}}
    )


TRACE = """Traceback (most recent call last):
  File "/sandbox/block/main.py", line 3, in main
    return RATES[grade]
KeyError: 'C3'"""


def test_evidence_has_the_frames_without_the_message() -> None:
    data = {"error": {"message": "KeyError: 'C3'", "stack_trace": TRACE}}
    assert evidence_of("function_invocation", data, "KeyError: 'C3'") == snapshot(
        {"stack_trace": {"frames": ["/sandbox/block/main.py:3 in main: return RATES[grade]"]}}
    )
    assert evidence_of("function_invocation", data, "failed")["error"] == "KeyError: 'C3'"


def test_summary_repeats_nothing_that_the_failure_says() -> None:
    data = {"inputs": {"a": 1}, "error": {"message": "KeyError: 'C3'", "stack_trace": TRACE}}
    failure = Failure(message="KeyError: 'C3'", details=ErrorDetails(stack_trace=TRACE))
    assert summary_of("function_invocation", data, failure=failure).value == {"inputs": {"a": 1}}


def test_summary_keeps_the_trace_that_a_failure_lacks() -> None:
    data = {"error": {"message": "KeyError: 'C3'", "stack_trace": TRACE}}
    failure = Failure(message="KeyError: 'C3'")
    assert summary_of("function_invocation", data, failure=failure).value == {
        "stack_trace": {
            "exception": "KeyError: 'C3'",
            "frames": ["/sandbox/block/main.py:3 in main: return RATES[grade]"],
        }
    }


def test_summary_says_which_values_were_cut() -> None:
    data = {"inputs": {"text": "word " * 2000}, "output": {"text": "word " * 2000}}
    assert summary_of("function_invocation", data).omitted == ("/inputs/text", "/output/text")
