"""Times and other values as a person reads them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from retab_mcp.digest.spoken_times import spoken_ms

# Days ago are easier to read than a date up to here.
_RECENT = timedelta(days=14)


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
        number, unit = spoken_ms(max(int(past.total_seconds()), 1) * 1_000).split(" ")[:2]
        return f"{shown} ({number} {unit} ago)"
    return shown


def plain(value: Any) -> str:
    """Return a JSON value as text: a text itself, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def number_of(count: int, noun: str) -> str:
    """Return the count with its noun: 1 step, 2 steps."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
