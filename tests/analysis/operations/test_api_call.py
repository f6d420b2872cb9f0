"""API calls: summary, findings and evidence."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from retab_mcp.models import Failure
from tests.analysis.operations.reading import evidence_of, findings_of, summary_of


def test_summary_has_one_line_per_attempt_and_the_last_response() -> None:
    url = "https://user@erp.example.com:8443/api/orders?company=0100#top"
    data = {
        "attempts": [
            {
                "attempt_number": 0,
                "request_method": "POST",
                "request_url": url,
                "response_status": None,
                "duration_ms": 30000,
                "error": "timed out",
            },
            {
                "attempt_number": 1,
                "request_method": "POST",
                "request_url": url,
                "request_body": {"postcode": None},
                "response_status": 422,
                "response_body": {"field": "postcode"},
                "duration_ms": 120,
                "error": {"message": "422"},
            },
        ],
        "error": {"message": "API call failed: 422"},
    }
    assert summary_of("api_call_invocation", data).value == snapshot(
        {
            "attempts": [
                {
                    "attempt": 1,
                    "method": "POST",
                    "url": "erp.example.com:8443/api/orders",
                    "duration_ms": 30000,
                    "error": "timed out",
                },
                {
                    "attempt": 2,
                    "method": "POST",
                    "url": "erp.example.com:8443/api/orders",
                    "status": 422,
                    "duration_ms": 120,
                },
            ],
            "may_have_taken_effect": "attempt 1 of 2 (POST, no response after 30 s: timed out)",
            "error": "API call failed: 422",
            "response_body": {"field": "postcode"},
            "request_body": {"postcode": None},
        }
    )


def test_summary_repeats_nothing_that_the_failure_says() -> None:
    attempt = {"response_status": 503, "error": "503 Service Unavailable"}
    message = "API call failed after 2 attempts: 503 Service Unavailable"
    data = {"attempts": [{"error": "timed out"}, attempt], "error": {"message": message}}
    summary = summary_of("api_call_invocation", data, failure=Failure(message=message))
    assert summary.value == {"attempts": [{"error": "timed out"}, {"status": 503}]}


def test_failed_attempts_are_a_finding() -> None:
    attempts = [
        {"error": "timed out", "duration_ms": 30_000},
        {"response_status": 502, "duration_ms": 100},
        {"response_status": 200},
    ]
    assert findings_of("api_call_invocation", {"attempts": attempts}) == [
        ("failed_attempts", "2 of 3 attempts failed and took 30 s: timed out")
    ]
    assert findings_of("api_call_invocation", {"attempts": [{"response_status": 200}]}) == []


def _posts(*statuses: int | None, key: str | None = None) -> dict[str, Any]:
    headers = {"Idempotency-Key": key} if key else {}
    return {
        "attempts": [
            {
                "attempt_number": number,
                "request_method": "POST",
                "request_headers": headers,
                "response_status": status,
                "error": "timed out" if status is None else None,
            }
            for number, status in enumerate(statuses)
        ]
    }


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ((None, 200), "attempt 1 of 2 (POST, no response: timed out)"),
        ((None, None, 201), "attempts 1 and 2 of 3 (POST, no response: timed out)"),
        ((504, None, 409, 200), "attempt 1 of 4 (POST, 504) and attempt 2 of 4 (POST, no response"),
    ],
)
def test_call_that_worked_at_last_may_be_done_twice(
    statuses: tuple[int | None, ...], said: str
) -> None:
    found = dict(findings_of("api_call_invocation", _posts(*statuses)))
    often = "twice" if len(statuses) == 2 else "up to 3 times"
    assert found["may_be_done_twice"].startswith(f"may have been done {often}: {said}")
    assert found["may_be_done_twice"].endswith(f"repeated and got {statuses[-1]}")


@pytest.mark.parametrize(
    "data",
    [
        *(_posts(200), _posts(503, 200), _posts(429, 201), _posts(None, 504)),
        _posts(None, 200, key="K-1"),
        {"attempts": [{"request_method": "PUT", "error": "x"}, {"response_status": 200}]},
    ],
)
def test_nothing_is_done_twice(data: dict[str, Any]) -> None:
    assert "may_be_done_twice" not in dict(findings_of("api_call_invocation", data))


def test_evidence_is_the_last_attempt_without_the_message() -> None:
    attempts = [{"response_status": 500}, {"error": {"message": "timed out"}, "duration_ms": 9}]
    data = {"attempts": attempts}
    assert evidence_of("api_call_invocation", data, "API call failed: timed out") == {
        "attempts": 2,
        "duration_ms": 9,
        "earlier_attempts": ["500"],
    }
    assert evidence_of("api_call_invocation", data, "no response")["error"] == "timed out"
