"""When a limit that was used up is lifted."""

from datetime import UTC, datetime
from typing import Any

import pytest

from retab_mcp.analysis.cause.restarts.renewal import renewal_time
from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.models import ErrorDetails, FailureKind

AT = datetime(2026, 9, 1, 6, 30, tzinfo=UTC)


def time_of(
    evidence: Any = None, message: str = "", kind: str = "rate_limited", context: Any = None
) -> datetime | None:
    cause = RootCause(
        step=None,
        message=message,
        stage=None,
        category=None,
        kind=FailureKind(kind),
        suggestion="",
        reasons=(),
        evidence=evidence or {},
        details=ErrorDetails(context=context) if context is not None else None,
    )
    return renewal_time(cause)


@pytest.mark.parametrize(
    "name",
    [
        *["renews_at", "resetAt", "quota_resets_on", "next_renewal", "retry_at", "retryAfter"],
        *["refill", "replenish", "available_at", "available_from"],
    ],
)
def test_the_time_is_in_a_field_that_is_named_so(name: str) -> None:
    assert time_of({"response_body": {name: "2026-09-01T06:30:00Z"}}) == AT
    assert time_of(context={"limits": [{name: "2026-09-01T06:30:00Z"}]}) == AT


@pytest.mark.parametrize(
    "value",
    [
        "2026-09-01T06:30:00Z",
        " 2026-09-01T08:30:00+02:00 ",
        "2026-09-01T06:30:00",
        1788244200,
        1788244200000,
    ],
)
def test_times_are_read_in_every_usual_form(value: Any) -> None:
    assert time_of({"resets_at": value}) == AT


@pytest.mark.parametrize(
    "value", ["soon", True, 3600, 999_999_999, 10_000_000_000, 10**13, None, 12.5]
)
def test_other_values_are_no_times(value: Any) -> None:
    assert time_of({"resets_at": value}) is None


def test_the_limits_of_numbers_that_are_times() -> None:
    assert time_of({"resets_at": 10**9}) == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
    assert time_of({"resets_at": 10**12}) == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "message",
    [
        "quota renews on 2026-09-01T06:30:00Z",
        "resets at 2026-09-01 06:30",
        "try again after 2026-09-01T06:30:00",
        "available from 2026-09-01T08:30:00+02:00",
        "will be refilled: 2026-09-01T06:30:00.000Z",
    ],
)
def test_the_message_may_name_the_time(message: str) -> None:
    assert time_of(message=message) == AT
    assert time_of(message=message, kind="credits_exhausted") == AT
    assert time_of(message=message, kind="timeout") is None


def test_a_field_counts_before_the_message_and_two_times_say_nothing() -> None:
    message = "renews on 2026-12-01"
    assert time_of({"resets_at": "2026-09-01T06:30:00Z"}, message) == AT
    two = {"a": {"resets_at": "2026-09-01"}, "b": {"resets_at": "2026-10-01"}}
    assert time_of(two) is None
    assert time_of({"created_at": "2026-09-01T06:30:00Z"}) is None


def test_fields_are_read_to_a_depth() -> None:
    deep: Any = {"resets_at": "2026-09-01T06:30:00Z"}
    for _ in range(4):
        deep = {"in": deep}
    assert time_of(deep) == AT
    assert time_of({"in": deep}) is None
