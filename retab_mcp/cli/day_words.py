"""Read days as people write them: today, yesterday, 7d or a date."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.window import read_zone

_DAYS = re.compile(r"(\d{1,3})\s*d(?:ays?)?", re.IGNORECASE)
_DAYS_AGO = {"today": 0, "yesterday": 1}


def last_day(text: str, zone: str) -> date:
    """Return the day in `text`. Raises click.UsageError for text or a zone that is none."""
    return _day(text, zone, "--until", "YYYY-MM-DD, today or yesterday")


def window_of(text: str, last: date, zone: str) -> dict[str, Any]:
    """Return the arguments `days` or `from_date` of a window that ends on `last`.

    Raises click.UsageError.
    """
    if found := _DAYS.fullmatch(text.strip()):
        return {"days": int(found[1])}
    first = _day(text, zone, "--since", "YYYY-MM-DD, today, yesterday or a number of days like 7d")
    if first > last:
        raise click.UsageError(f"--since is {first}, after the last day {last}.")
    return {"from_date": first.isoformat()}


def _day(text: str, zone: str, option: str, expected: str) -> date:
    word = text.strip().lower()
    if word in _DAYS_AGO:
        try:
            today = datetime.now(UTC).astimezone(read_zone(zone)).date()
        except QuestionError:
            raise click.UsageError("--tz must be an IANA name, such as Europe/Paris.") from None
        return today - timedelta(days=_DAYS_AGO[word])
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise click.UsageError(f"{option} must be {expected}.") from None
