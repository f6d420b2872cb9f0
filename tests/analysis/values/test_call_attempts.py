"""What the attempts of an API call led to, and what they may have changed."""

from typing import Any

import pytest

from retab_mcp.analysis.values.call_attempts import (
    Effect,
    differ,
    effect_of,
    has_failed,
    may_be_done_twice,
    outcome,
    response_status,
)


def post(status: int | None = None, error: Any = None, **fields: Any) -> dict[str, Any]:
    return {"request_method": "POST", "response_status": status, "error": error, **fields}


@pytest.mark.parametrize("status", [408, 499, 500, 502, 504, 520, 522, 524, 598, 599])
def test_a_service_that_stopped_somewhere_may_have_taken_effect(status: int) -> None:
    assert effect_of(post(status)) is Effect.UNCERTAIN


@pytest.mark.parametrize("status", [301, 400, 404, 409, 429, 501, 503, 521, 523])
def test_a_refused_request_had_no_effect(status: int) -> None:
    assert effect_of(post(status)) is Effect.NONE


@pytest.mark.parametrize("status", [200, 201, 299])
def test_a_request_that_worked_took_effect(status: int) -> None:
    assert effect_of(post(status)) is Effect.TAKEN


@pytest.mark.parametrize(
    "method", ["GET", "head", "OPTIONS", "TRACE", "PUT", "delete", "", None, 7]
)
def test_a_method_that_can_be_repeated_has_no_effect_to_fear(method: Any) -> None:
    assert effect_of({"request_method": method, "response_status": 504}) is Effect.NONE


@pytest.mark.parametrize(
    "error",
    [
        *("connection refused", "ENOTFOUND", "getaddrinfo failed", "name resolution failed"),
        *("Name or service not known", "DNS error", "host unreachable", "no route to host"),
        *("bad certificate", "SSL error", "TLS alert", "blocked by policy", "disallowed host"),
        *("not allowed", "not permitted", "private address", "invalid URL", "connect timeout"),
        *("connection timed out", "connection time out", "ConnectTimeout", "ETIMEDOUT"),
    ],
)
def test_a_request_that_was_never_sent_had_no_effect(error: str) -> None:
    assert effect_of(post(error=error)) is Effect.NONE
    assert effect_of(post(error={"message": error})) is Effect.NONE


def test_a_request_without_a_response_may_have_taken_effect() -> None:
    assert effect_of(post(error="read timed out")) is Effect.UNCERTAIN
    assert effect_of(post()) is Effect.NONE


def test_only_failed_and_repeated_attempts_may_be_done_twice() -> None:
    assert may_be_done_twice([post(504), post(201), post(504)]) == [0, 2]
    assert may_be_done_twice([post(504)]) == []
    assert may_be_done_twice([post(201), post(429)]) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Idempotency-Key": "K-1"},
        {"x-idempotent-id": "K-1"},
        [{"name": "Idempotency-Key", "value": "K-1"}],
    ],
)
def test_the_same_idempotency_key_makes_a_repetition_safe(headers: Any) -> None:
    same = [post(504, request_headers=headers), post(201, request_headers=headers)]
    assert may_be_done_twice(same) == []
    other = post(201, request_headers={"Idempotency-Key": "K-2"})
    assert may_be_done_twice([same[0], other]) == [0]
    assert may_be_done_twice([same[0], post(201)]) == [0]
    assert may_be_done_twice([post(504, request_headers={"Accept": "x"}), post(201)]) == [0]


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        ({"response_status": 504, "duration_ms": 30_000}, "504 after 30 s"),
        ({"response_status": 504, "error": "gateway"}, "504"),
        ({"error": "timed out"}, "no response: timed out"),
        ({"duration_ms": 900, "error": {"message": "reset"}}, "no response after 900 ms: reset"),
        ({"response_status": True, "duration_ms": "soon"}, "no response"),
    ],
)
def test_an_outcome_in_words(attempt: dict[str, Any], words: str) -> None:
    assert outcome(attempt) == words


def test_failed_attempts() -> None:
    assert [has_failed({"response_status": status}) for status in (399, 400, None)] == [
        *(False, True, False)
    ]
    assert has_failed({"error": "x"})
    assert response_status({"response_status": "200"}) is None


def test_attempts_differ_by_status_or_without_one_by_error() -> None:
    assert differ([post(503), post(502)])
    assert differ([post(error="a"), post(error="b")])
    assert differ([post(503), post(error="a")])
    assert not differ([post(503, "a"), post(503, "b")])
    assert not differ([post(error="a"), post(error={"message": "a"})])
