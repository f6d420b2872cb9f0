"""Durations, times and other values as a person reads them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000
# Below which duration which two units are shown.
_UNITS: tuple[tuple[float, tuple[int, int, tuple[str, str]]], ...] = (
    (_HOUR, (_MINUTE, _SECOND, ("min", "s"))),
    (_DAY, (_HOUR, _MINUTE, ("h", "min"))),
    (float("inf"), (_DAY, _HOUR, ("d", "h"))),
)
# Days ago are easier to read than a date up to here.
_RECENT = timedelta(days=14)


def duration(ms: float) -> str:
    """Return milliseconds in the two largest units: 420 ms, 3.7 s, 2 min 5 s, 3 h 2 min."""
    if ms < _SECOND:
        return f"{ms:.0f} ms"
    if ms < _MINUTE:
        return f"{ms / _SECOND:.1f} s".replace(".0 s", " s")
    large, small, names = next(units for below, units in _UNITS if ms < below)
    whole, rest = divmod(int(ms), large)
    part = rest // small
    return f"{whole} {names[0]}" + (f" {part} {names[1]}" if part else "")


def date_and_time(text: str, now: datetime) -> str:
    """Return an ISO time as date and time in UTC, and how long ago that was."""
    try:
        when = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return text
    shown = when.strftime("%Y-%m-%d %H:%M:%S UTC")
    past = now - when
    if timedelta() <= past < _RECENT:
        # The larger unit alone: "3 h 2 min" is more than one wants to know.
        first, unit = duration(max(past.total_seconds(), 1) * _SECOND).split(" ")[:2]
        return f"{shown} ({float(first):.0f} {unit} ago)"
    return shown


def plain(value: Any) -> str:
    """Return a JSON value as text: a text itself, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def number_of(count: int, noun: str) -> str:
    """Return the count with its noun: 1 step, 2 steps."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
