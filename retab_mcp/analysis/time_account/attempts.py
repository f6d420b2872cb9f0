"""When the attempts of an API call ran."""

from datetime import UTC, datetime

from retab_mcp.analysis.time_account.intervals import Span, later
from retab_mcp.analysis.values.json_types import as_dicts
from retab_mcp.models import Json


def attempt_spans(attempts: Json) -> list[Span]:
    """Return the spans of the attempts of an API call that have times, in order."""
    found = []
    for attempt in as_dicts(attempts):
        start = _moment(attempt.get("started_at"))
        end = _moment(attempt.get("completed_at"))
        duration = attempt.get("duration_ms")
        if start is not None and end is None and isinstance(duration, int):
            end = later(start, duration)
        if start is not None:
            found.append((start, end or start))
    return sorted(found)


def _moment(value: Json) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
