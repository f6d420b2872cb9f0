"""Find when a limit that was used up is lifted again."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.models import FailureKind, Json

# Kinds of failure that pass by themselves at a time that the error may name.
_LIMITS = frozenset({FailureKind.CREDITS_EXHAUSTED, FailureKind.RATE_LIMITED})
# Names of fields that hold the time: renews_at, resetAt, quota_resets_on, next_renewal, retry_at.
_NAME = re.compile(r"renew|reset|refill|replenish|retry_?(?:at|after)|available_(?:at|from)", re.I)
# The same in a sentence: "renews on 2026-09-01", "resets at 2026-09-01T00:00:00Z".
_SAID = re.compile(
    r"(?:renew|reset|refill|replenish|try again|retry|available)\w*\b[^.;0-9]{0,24}"
    r"(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)",
    re.I,
)
_MAX_DEPTH = 5
# Numbers from 2001 to 2286 as seconds since 1970, and the same in milliseconds.
_SECONDS = range(10**9, 10**10)
_MILLISECONDS = range(10**12, 10**13)


def renewal_time(cause: RootCause) -> datetime | None:
    """Return when the limit that `cause` is about is lifted, None if no record names one time."""
    if cause.kind not in _LIMITS:
        return None
    held = [cause.details.context] if cause.details is not None else []
    times = {time for value in (*held, cause.evidence) for time in _times_in(value, 0)}
    said = _SAID.search(cause.message)
    if not times and said and (time := _as_time(said[1])):
        times = {time}
    return times.pop() if len(times) == 1 else None


def _times_in(value: Json, depth: int) -> Iterator[datetime]:
    """Yield the times in fields whose name says that something is renewed."""
    if depth >= _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _times_in(item, depth + 1)
    elif isinstance(value, dict):
        for name, held in value.items():
            time = _as_time(held) if _NAME.search(name) else None
            if time is not None:
                yield time
            else:
                yield from _times_in(held, depth + 1)


def _as_time(value: Json) -> datetime | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int) and (value in _SECONDS or value in _MILLISECONDS):
        return datetime.fromtimestamp(value if value in _SECONDS else value / 1000, UTC)
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)
