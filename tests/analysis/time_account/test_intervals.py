"""Spans of time, their union and difference."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.time_account.intervals import (
    Span,
    later,
    length_ms,
    minus,
    union,
    within,
)

START = datetime(2026, 9, 2, tzinfo=UTC)


def span(first: int, last: int) -> Span:
    return START + timedelta(seconds=first), START + timedelta(seconds=last)


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda ends: span(*ends)))


def seconds(spans: list[Span]) -> set[int]:
    """Return the whole seconds that spans cover."""
    return {
        second
        for begin, end in spans
        for second in range(
            round((begin - START).total_seconds()), round((end - START).total_seconds())
        )
    }


def test_union_joins_spans_that_touch() -> None:
    assert union([span(4, 6), span(0, 2), span(2, 3)]) == [span(0, 3), span(4, 6)]


def test_minus_cuts_a_span_in_two() -> None:
    assert minus([span(0, 10)], [span(3, 4)]) == [span(0, 3), span(4, 10)]


@given(SPANS, SPANS)
def test_spans_are_sets_of_moments(spans: list[Span], others: list[Span]) -> None:
    assert seconds(union(spans)) == seconds(spans)
    assert seconds(minus(spans, others)) == seconds(spans) - seconds(others)
    assert length_ms(spans) == len(seconds(spans)) * 1000
    assert seconds(within(spans, span(5, 20))) == seconds(spans) & set(range(5, 20))


def test_a_duration_beyond_what_a_date_can_be_ends_at_the_latest_moment() -> None:
    start = datetime(2026, 3, 12, tzinfo=UTC)
    assert later(start, 1_000) == datetime(2026, 3, 12, 0, 0, 1, tzinfo=UTC)
    assert later(start, 10**18) == later(start, 10**30) == datetime.max.replace(tzinfo=UTC)
