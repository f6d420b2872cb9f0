"""Each kind of failure is found by structured facts and by words."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.cause.classify import classify
from retab_mcp.analysis.cause.failure_kinds import CATALOGUE
from retab_mcp.analysis.cause.failure_words import kind_in_words
from retab_mcp.models import Artifact, ErrorDetails, Failure, FailureKind, StepSummary

WORDS = [
    ("Insufficient credits: 0 left of 5,000", "credits_exhausted"),
    ("Monthly credit quota used up", "credits_exhausted"),
    ("Organisation is out of credits", "credits_exhausted"),
    ("Rate limit exceeded: quota of 60 requests per minute", "rate_limited"),
    ("Too many requests, slow down", "rate_limited"),
    ("The PDF is password protected", "document_unreadable"),
    ("File is encrypted and cannot be opened", "document_unreadable"),
    ("Could not open the document: xref table broken", "document_unreadable"),
    ("Unsupported file type: .heic", "document_unreadable"),
    ("Document has 0 pages", "document_unreadable"),
    ("The attached spreadsheet is corrupted", "document_unreadable"),
    ("The image could not be decoded", "document_unreadable"),
    ("Extraction does not match the schema: total is not of type number", "schema_violation"),
    ("'iban' is a required property", "schema_violation"),
    ("Schema validation failed", "schema_violation"),
    ("Missing required input", "missing_input"),
    ("Input handle input-file-0 was not received", "missing_input"),
    ("Upstream block did not complete", "missing_input"),
    ("No document was provided", "missing_input"),
    ("401 Unauthorized", "credentials"),
    ("The access token expired", "credentials"),
    ("invalid api key", "credentials"),
    ("Request timed out after 30 s", "timeout"),
    ("Deadline exceeded", "timeout"),
    ("block ran past the time limit of 300 s", "timeout"),
    ("Maximum iterations reached (10)", "loop_limit"),
    ("loop stopped at the limit of 10 iterations", "loop_limit"),
    ("No branch matched the value", "routing"),
    ("Routing failed: target handle is not connected", "routing"),
    ("Failed to write output to storage bucket", "storage"),
    ("Could not store the output", "storage"),
]


@pytest.mark.parametrize(("message", "kind"), WORDS)
def test_words_that_show_a_kind(message: str, kind: str) -> None:
    verdict = classify(Failure(message=message))
    assert verdict.kind == kind
    assert verdict.suggestion
    assert "the message says" in verdict.reason


@pytest.mark.parametrize(
    "message",
    [
        "",
        "An unexpected error occurred",
        "Something went wrong",
        "Internal error E-5531",
        "worker process exited with code 137",
        "Expected number, got string",
        "Step failed",
        "null",
    ],
)
def test_message_without_known_words_is_unknown(message: str) -> None:
    assert classify(Failure(message=message)).kind == FailureKind.UNKNOWN


def test_no_failure_at_all_is_unknown() -> None:
    assert classify(None).kind == FailureKind.UNKNOWN


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, "credentials"),
        (403, "credentials"),
        (400, "called_api_refused"),
        (404, "called_api_refused"),
        (422, "called_api_refused"),
        (408, "timeout"),
        (429, "rate_limited"),
        (500, "called_api_down"),
        (503, "called_api_down"),
    ],
)
def test_last_response_of_a_called_api_decides(status: int, kind: str) -> None:
    data = {"attempts": [{"response_status": 200}, {"response_status": status}]}
    artifact = Artifact(id="a", operation="api_call_invocation", data=data)
    verdict = classify(Failure(message="rate limit, timed out, bad token"), None, artifact)
    assert (verdict.kind, verdict.reason) == (
        kind,
        f"the last attempt was answered with {status}",
    )


def test_attempt_without_response_is_judged_by_its_error() -> None:
    def verdict(error: Any) -> str:
        data = {"attempts": [{"response_status": None, "error": error}]}
        return classify(
            None, None, Artifact(id="a", operation="api_call_invocation", data=data)
        ).kind

    assert verdict("Connection refused") == "called_api_down"
    assert verdict({"message": "getaddrinfo ENOTFOUND erp.example.com"}) == "called_api_down"
    assert verdict({"message": "timed out after 30 s"}) == "timeout"
    assert verdict(None) == FailureKind.UNKNOWN


def test_quota_means_credits_unless_a_rate_is_mentioned() -> None:
    assert classify(Failure(message="no", category="quota")).kind == "credits_exhausted"
    limited = Failure(message="too many requests", category="quota")
    assert classify(limited).kind == "rate_limited"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("insufficient_credits", "credits_exhausted"),
        ("document_password_protected", "document_unreadable"),
        ("SCHEMA_VALIDATION_FAILED", "schema_violation"),
        ("unsupported_file_type", "document_unreadable"),
        ("rate_limit_exceeded", "rate_limited"),
        ("missing-input", "missing_input"),
        ("timeout", "timeout"),
        ("max_iterations_reached", "loop_limit"),
        ("http_error", FailureKind.UNKNOWN),
    ],
)
def test_an_error_code_is_read_like_words(code: str, kind: str) -> None:
    assert classify(Failure(message="x", details=ErrorDetails(error_code=code))).kind == kind
    data = {"error": {"code": code, "message": "x"}}
    assert classify(None, None, Artifact(id="a", operation="parse", data=data)).kind == kind


def test_exception_in_a_function_hides_other_words(make_step: Any) -> None:
    step = make_step("compute", error="TimeoutError: timed out")
    verdict = classify(step.failure, step)
    assert (verdict.kind, verdict.reason) == (
        "function_exception",
        "the function raised TimeoutError",
    )
    killed = make_step("compute", error="execution exceeded the time limit")
    assert classify(killed.failure, killed).kind == "timeout"


def test_stack_trace_in_the_record_shows_an_exception() -> None:
    data = {"error": {"message": "failed", "stack_trace": "Traceback:\n  x\nzlib.error: bad"}}
    artifact = Artifact(id="a", operation="function_invocation", data=data)
    assert classify(Failure(message="failed"), None, artifact).kind == "function_exception"


def test_while_loop_that_reached_its_limit() -> None:
    data = {"termination_reason": "max_iterations_reached"}
    artifact = Artifact(id="a", operation="while_loop_termination", data=data)
    assert classify(Failure(message="loop failed"), None, artifact).kind == "loop_limit"


@pytest.mark.parametrize(
    ("stage", "kind"),
    [
        ("input_collection", "missing_input"),
        ("document_fetch", "document_unreadable"),
        ("routing", "routing"),
        ("output_storage", "storage"),
        ("execution", FailureKind.UNKNOWN),
        ("a_new_stage", FailureKind.UNKNOWN),
    ],
)
def test_stage_decides_last(stage: str, kind: str) -> None:
    assert classify(Failure(message="it broke", stage=stage)).kind == kind
    assert classify(Failure(message="it timed out", stage=stage)).kind == "timeout"


def test_a_status_in_the_words_of_an_api_call_step(make_step: Any) -> None:
    step = make_step("call", type="api_call", error="Call failed: 503 Service Unavailable")
    verdict = classify(step.failure, step)
    assert verdict.kind == "called_api_down"
    assert verdict.reason == "the message contains the HTTP status 503"
    context = {"response_status": 401}
    failure = Failure(message="call failed", details=ErrorDetails(context=context))
    assert classify(failure, step).kind == "credentials"


NAMES = st.sampled_from(
    [
        "Schema validation",
        "timeout",
        "Check storage upload failed",
        "rate-limit",
        "Missing input",
        "Invoice",
        "a",
        "(",
        "credits exhausted",
    ]
)


@given(NAMES, NAMES)
def test_block_names_show_no_kind(label: str, block_id: str) -> None:
    step = StepSummary(
        run_id="r", step_id="s", block_id=block_id, label=label, type="extract", status="error"
    )
    failure = Failure(message=f'{label} ({block_id}) "{label}" stopped.')
    assert classify(failure, step).kind == FailureKind.UNKNOWN


def test_quoted_values_show_no_kind() -> None:
    assert kind_in_words("no such key: 'request timeout'") is None


@given(st.text(max_size=300))
def test_any_message_gets_some_kind(message: str) -> None:
    assert classify(Failure(message=message)).kind in CATALOGUE


def test_long_message_costs_little() -> None:
    for filler in ("input ", "file " * 3, "a", "-", "no ", "could not "):
        start = time.process_time()
        kind_in_words(filler * 100_000, is_api_call=True)
        assert time.process_time() - start < 1
