"""Times and lazily built values."""

from datetime import UTC, datetime
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.sandbox.records import Lazy, after, moment, resolve

SECONDS = st.integers(min_value=0, max_value=10**8).map(lambda milliseconds: milliseconds / 1000)


def test_a_time_shows_milliseconds_only_if_it_has_any() -> None:
    assert after("2026-03-12T09:00:00Z", 3) == "2026-03-12T09:00:03Z"
    assert after("2026-03-12T09:00:00Z", 0.25) == "2026-03-12T09:00:00.250Z"
    assert after("2026-03-12T23:59:59Z", 1) == "2026-03-13T00:00:00Z"


@given(earlier=SECONDS, later=SECONDS)
def test_times_sort_chronologically(earlier: float, later: float) -> None:
    start = "2026-03-12T09:00:00Z"
    first, second = sorted((earlier, later))
    assert moment(after(start, first)) <= moment(after(start, second))


def test_none_sorts_last() -> None:
    assert moment(None) > moment("9999-12-31T23:59:59Z")
    assert moment("2026-03-12T09:00:00Z") == datetime(2026, 3, 12, 9, tzinfo=UTC)


def test_a_value_is_returned_as_it_is_and_a_function_is_called() -> None:
    assert resolve({"a": 1}) == {"a": 1}
    built: Lazy[dict[str, int]] = partial(dict, a=1)
    assert resolve(built) == {"a": 1}
