"""Retry-After is a number of seconds or a date, and often neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.retab.retry_after import parse_retry_after

DATE = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("7", None, 7.0),
        (" 120 ", None, 120.0),
        ("0", DATE, 0.0),
        ("999999999", None, 3600.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", DATE, 3600.0),
        ("1.5", None, 1.5),
        ("Wed, 21 Oct 2026 07:28:30 GMT", DATE, 30.0),
        ("Wed, 21 Oct 2026 07:27:00 GMT", DATE, 0.0),
        ("Wed, 21 Oct 2026 07:28:30 GMT", None, None),
        ("Wed, 21 Oct 2026 07:28:30 GMT", "yesterday", None),
        ("Wed, 21 Oct 2026 07:28:30 -0000", DATE, None),
        (None, DATE, None),
        ("", DATE, None),
        ("soon", DATE, None),
        ("-5", DATE, None),
        ("nan", DATE, None),
        ("1e9", DATE, None),
        ("9" * 400, DATE, None),
    ],
)
def test_seconds_to_wait(value: str | None, date: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, date) == seconds


@given(st.text(), st.none() | st.text())
def test_any_text_is_a_wait_or_none(value: str, date: str | None) -> None:
    seconds = parse_retry_after(value, date)
    assert seconds is None or 0 <= seconds <= 3600
