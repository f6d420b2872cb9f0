"""The days that a question is about, in the caller's time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from retab_mcp.models import ErrorKind
from retab_mcp.queries.errors import QuestionError


@dataclass(frozen=True)
class Window:
    """Days of `zone`, both ends included; `until` is the end of the last day, or now if earlier."""

    first: date
    last: date
    until: datetime
    zone: tzinfo = UTC

    @property
    def start(self) -> datetime:
        """The beginning of the first day."""
        return datetime.combine(self.first, time(), self.zone)

    @property
    def middle(self) -> datetime:
        """The moment halfway through the window."""
        return self.start + (self.until - self.start) / 2

    @property
    def utc_days(self) -> tuple[date, date]:
        """The first and last day in UTC, by which the API filters."""
        last_moment = self.end - timedelta(microseconds=1)
        return self.start.astimezone(UTC).date(), last_moment.astimezone(UTC).date()

    @property
    def end(self) -> datetime:
        """The end of the last day, which is not part of it."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    def holds(self, at: datetime | None) -> bool:
        """Return whether a moment is in the window; an unknown one counts as in it."""
        return at is None or self.start <= at < self.end


def read_zone(name: str) -> tzinfo:
    """Return the time zone of an IANA name; UTC for an empty one.

    Raises QuestionError (invalid_argument).
    """
    given = name.strip()
    if not given:
        return UTC
    try:
        return ZoneInfo(given)
    except (ValueError, OSError, LookupError):
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            "time_zone must be an IANA name, such as Europe/Paris.",
            hint="Leave time_zone out for UTC.",
        ) from None


def read_window(
    now: datetime, first: date | None, last: date | None, days: int, zone: tzinfo
) -> Window:
    """Return the window of `days` days up to `last` (default: today), or from `first` on.

    Raises QuestionError (invalid_argument).
    """
    today = now.astimezone(zone).date()
    last = last or max(today, first or today)
    if first is not None and last < first:
        raise QuestionError(ErrorKind.INVALID_ARGUMENT, "to_date is before from_date.")
    try:
        first = first or last - timedelta(days=days - 1)
        window = Window(first, last, now, zone)
        # Both ends must exist in UTC too.
        _ = window.utc_days
    except OverflowError:
        raise QuestionError(ErrorKind.INVALID_ARGUMENT, "to_date is out of range.") from None
    return window if last == today else Window(first, last, window.end, zone)
