"""Spans of time, and what is left of them without others."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

# The start and the end of a span; an end before its start makes it empty.
Span: TypeAlias = tuple[datetime, datetime]


_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)


def later(start: datetime, milliseconds: int) -> datetime:
    """Return the moment that long after `start`, at most the latest possible one."""
    try:
        return start + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return _LATEST


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the same time as spans that do not touch, in order."""
    found: list[Span] = []
    begin = last = _EARLIEST
    for start, end in sorted([span for span in spans if span[0] < span[1]]):
        if start > last or not found:
            found.append((start, end))
            begin, last = start, end
        elif end > last:
            last = end
            found[-1] = begin, last
    return found


def minus(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """Return the time of `spans` that is in none of `others`."""
    left: list[Span] = []
    taken = union(others)
    if not taken:
        return union(spans)
    at = 0
    for start, end in union(spans):
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        begin, place = start, at
        while place < len(taken) and taken[place][0] < end:
            if begin < taken[place][0]:
                left.append((begin, taken[place][0]))
            begin = max(begin, taken[place][1])
            place += 1
        if begin < end:
            left.append((begin, end))
    return left


def within(spans: Iterable[Span], limits: Span) -> list[Span]:
    """Return the time of `spans` that is inside `limits`."""
    first, last = limits
    return union(
        [(start if start > first else first, end if end < last else last) for start, end in spans]
    )


def length_ms(spans: Iterable[Span]) -> int:
    """Return the milliseconds of `spans`, each moment counted once."""
    return sum(round((end - start).total_seconds() * 1000) for start, end in union(spans))
