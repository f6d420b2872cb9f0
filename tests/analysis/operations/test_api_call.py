"""API calls: summary, findings and evidence."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from retab_mcp.analysis.operation_reader import FailureClue
from retab_mcp.analysis.operations import failure_clue
from retab_mcp.analysis.operations.api_call import called_url
from retab_mcp.models import Failure
from tests.analysis.operations.reading import (
    artifact_of,
    evidence_of,
    findings_of,
    paths_of,
    summary_of,
)


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


def test_summary_shows_the_last_attempts_and_counts_the_others() -> None:
    attempts = [
        {
            "attempt_number": number,
            "response_status": 503,
            "started_at": f"2026-09-02T06:30:{number:02}Z",
        }
        for number in range(10)
    ]
    summary = summary_of("api_call_invocation", {"attempts": attempts})
    assert summary.value["attempts_total"] == 10
    assert [line["attempt"] for line in summary.value["attempts"]] == [3, 4, 5, 6, 7, 8, 9, 10]
    assert summary.value["attempts"][-1]["started_at"] == "2026-09-02T06:30:09Z"
    assert summary.omitted == ("/attempts/0-2",)


def test_bodies_that_are_cut_are_pointed_at_in_the_last_attempt() -> None:
    long = {"text": "word " * 2000}
    refused = {"response_status": 400, "response_body": long, "request_body": long}
    data = {"attempts": [{"response_status": 503}, refused]}
    assert summary_of("api_call_invocation", data).omitted == (
        "/attempts/1/response_body/text",
        "/attempts/1/request_body/text",
    )


@pytest.mark.parametrize(
    ("status", "shown"), [(399, False), (400, True), (499, True), (500, False)]
)
def test_request_body_is_shown_where_the_request_was_refused(status: int, shown: bool) -> None:
    attempt = {"response_status": status, "request_body": {"a": 1}, "response_body": {"b": 2}}
    data = {"attempts": [attempt]}
    for found in (
        summary_of("api_call_invocation", data).value,
        evidence_of("api_call_invocation", data),
    ):
        assert found["response_body"] == {"b": 2}
        assert found.get("request_body") == ({"a": 1} if shown else None)


def test_empty_bodies_are_not_shown() -> None:
    attempt = {"response_status": 400, "request_body": "", "response_body": ""}
    assert summary_of("api_call_invocation", {"attempts": [attempt]}).value == {
        "attempts": [{"status": 400}]
    }


def test_earlier_attempts_of_the_same_outcome_are_folded() -> None:
    attempts = [
        *({"response_status": 503}, {"response_status": 503}, {"error": "refused"}),
        {"response_status": 200},
    ]
    assert evidence_of("api_call_invocation", {"attempts": attempts})["earlier_attempts"] == [
        "2 times 503",
        "no response: refused",
    ]
    same = {"attempts": [{"response_status": 503}, {"response_status": 503}]}
    assert evidence_of("api_call_invocation", same) == {"attempts": 2, "status": 503}
    assert evidence_of("api_call_invocation", {"attempts": []}) == {}


def test_three_uncertain_attempts_are_listed_in_words() -> None:
    found = evidence_of("api_call_invocation", _posts(504, 504, 504, 409))
    assert found["may_have_taken_effect"] == "attempts 1, 2 and 3 of 4 (POST, 504)"


def test_an_only_uncertain_last_attempt_was_not_repeated() -> None:
    assert "may_have_taken_effect" not in evidence_of("api_call_invocation", _posts(429, 504))


def test_delay_of_failed_attempts_has_the_waits_between_them() -> None:
    def attempt(second: int, status: int) -> dict[str, Any]:
        at = f"2026-09-02T06:30:{second:02}Z"
        return {"response_status": status, "started_at": at, "completed_at": at, "duration_ms": 7}

    late = {"attempts": [attempt(0, 429), attempt(4, 503), attempt(12, 200)]}
    assert findings_of("api_call_invocation", late) == [
        ("failed_attempts", "2 of 3 attempts failed and delayed the call by 12 s: status 429")
    ]
    lost = {"attempts": [attempt(0, 429), attempt(4, 503)]}
    assert findings_of("api_call_invocation", lost) == [
        ("failed_attempts", "2 of 2 attempts failed and took 14 ms: status 429")
    ]
    assert findings_of("api_call_invocation", {"attempts": [{"error": {"code": 7}}]}) == [
        ("failed_attempts", "1 of 1 attempts failed: no response")
    ]


def test_findings_point_at_the_attempts() -> None:
    assert set(paths_of("api_call_invocation", _posts(504, 200)).values()) == {("/attempts",)}


def test_clue_is_the_status_of_the_last_attempt_or_its_error() -> None:
    def clue(*attempts: dict[str, Any]) -> FailureClue | None:
        return failure_clue(artifact_of("api_call_invocation", {"attempts": list(attempts)}))

    assert clue({"error": "refused"}, {"response_status": 503}) == FailureClue(
        "the last attempt was answered with 503", status=503
    )
    assert clue({"response_status": 503}, {"error": {"message": "refused"}}) == FailureClue(
        "the last attempt got no response", message="refused"
    )
    assert clue() is None


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("https://user:secret@erp.example.com/api/orders?key=1#top", "erp.example.com/api/orders"),
        ("http://[broken", ""),
        (None, ""),
    ],
)
def test_called_url_has_no_secrets(url: Any, called: str) -> None:
    attempts = [{"request_url": "https://first.example.com"}, {"request_url": url}]
    assert called_url(artifact_of("api_call_invocation", {"attempts": attempts})) == called
    assert called_url(artifact_of("api_call_invocation", {})) == ""
