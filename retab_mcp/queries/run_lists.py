"""Find the runs that match filters, newest first, merging one list of the API per status."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from http import HTTPStatus

from retab_mcp.models import ErrorKind, Run, Status
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.window import Window
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.run_list import MAX_RUNS_LIMIT, RunFilter

# Maximum pages read for one answer when runs are filtered here, not by the server: 2,000 runs,
# which take about ten seconds.
MAX_PAGES = 20

# The statuses that the API can filter by; runs with other statuses are filtered here.
_FILTERABLE_STATUSES = frozenset(
    {
        Status.PENDING,
        Status.QUEUED,
        Status.RUNNING,
        Status.COMPLETED,
        Status.ERROR,
        Status.AWAITING_REVIEW,
        Status.CANCELLED,
    }
)
_FILTERABLE_TRIGGERS = frozenset({"manual", "api", "schedule", "webhook", "email", "restart"})
KNOWN_TRIGGERS = (*sorted(_FILTERABLE_TRIGGERS), "custom")

# Servers use both words for failed runs, and their filter distinguishes them.
_FAILED = "failed"
# Servers from before 18 May 2026 refuse these words, and have no runs with these statuses.
_NEWER_STATUSES = frozenset({Status.QUEUED, _FAILED})

_OLDEST = datetime.min.replace(tzinfo=UTC)

# Id of the last run taken from each list, by the list's status.
Positions = Mapping[str, str]


@dataclass(frozen=True)
class RunQuery:
    """The filters for runs; an empty field matches any run.

    Statuses are normalised, or unknown words in lower case. Dates are UTC days, both ends included,
    and `window` the exact days of a time zone. Durations are milliseconds; 0 means no limit. All
    pairs of `metadata` must match.
    """

    workflow_id: str = ""
    statuses: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    from_date: date | None = None
    to_date: date | None = None
    min_duration_ms: int = 0
    max_duration_ms: int = 0
    id_prefix: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    window: Window | None = None

    def matches(self, run: Run) -> bool:
        """Return whether a run matches; servers ignore filters that they do not support."""
        return (
            (not self.workflow_id or run.workflow_id in (None, self.workflow_id))
            and (not self.statuses or run.status.lower() in self.statuses)
            and (not self.triggers or run.trigger.get("type") in self.triggers)
            and self._is_within_dates(run)
            and self._is_as_long(run)
            and run.id.startswith(self.id_prefix)
            and self.metadata.items() <= run.metadata.items()
        )

    def _is_within_dates(self, run: Run) -> bool:
        if run.created_at is None:
            return True
        if self.window is not None and not self.window.holds(run.created_at):
            return False
        day = run.created_at.date()
        return (self.from_date or day) <= day <= (self.to_date or day)

    def _is_as_long(self, run: Run) -> bool:
        if not self.min_duration_ms and not self.max_duration_ms:
            return True
        elapsed = run.elapsed_ms
        return (
            elapsed is not None
            and elapsed >= self.min_duration_ms
            and elapsed <= (self.max_duration_ms or elapsed)
        )


@dataclass(frozen=True)
class FoundRun:
    """A matching run, and the positions in the lists after it."""

    run: Run
    positions: Positions


@dataclass(frozen=True)
class RunsFound:
    """The runs that match, newest first.

    `more` means that at least one more run matches. `why` says what ended the search early, None if
    all lists were read. `positions` are the positions in the lists at the end.
    """

    found: tuple[FoundRun, ...]
    more: bool = False
    why: str | None = None
    positions: Positions = field(default_factory=dict)


async def find_runs(
    api: RetabApi,
    query: RunQuery,
    *,
    limit: int,
    positions: Positions | None = None,
    until: datetime | None = None,
) -> RunsFound:
    """Return at most `limit` matching runs, starting at `positions` (from an earlier answer).

    Runs created after `until` are left out: one that was shown in the list of its former status
    is then not shown again.
    Raises RetabError, QuestionError (unsupported) for metadata on a server without that filter.
    """
    lists = [
        _RunStream(api, wanted, min(limit + 1, MAX_RUNS_LIMIT), (positions or {}).get(status))
        for status, wanted in _filters(query).items()
    ]
    found: list[FoundRun] = []
    seen: set[str] = set()
    # If a list could not be read further, it may contain newer runs than those left in the others.
    while (why := await _fill(lists)) is None and (ready := [each for each in lists if each.ready]):
        newest = max(ready, key=lambda each: each.ready[0].created_at or _OLDEST)
        run = newest.ready[0]
        is_later = until is not None and run.created_at is not None and run.created_at > until
        is_wanted = query.matches(run) and run.id not in seen and not is_later
        if is_wanted and len(found) == limit:
            return RunsFound(tuple(found), more=True)
        newest.take()
        seen.add(run.id)
        if is_wanted:
            found.append(FoundRun(run, _positions(lists)))
    return RunsFound(tuple(found), why=why, positions=_positions(lists))


def _filters(query: RunQuery) -> dict[str, RunFilter]:
    """Return the filter of each list to merge, by its status ("" for any)."""
    words = set(query.statuses)
    wanted = RunFilter(
        workflow_id=query.workflow_id,
        from_date=query.from_date.isoformat() if query.from_date else "",
        to_date=query.to_date.isoformat() if query.to_date else "",
        min_duration_ms=query.min_duration_ms,
        max_duration_ms=query.max_duration_ms,
        search=query.id_prefix,
        metadata=query.metadata,
    )
    if len(query.triggers) == 1 and _FILTERABLE_TRIGGERS.issuperset(query.triggers):
        wanted = replace(wanted, trigger_type=query.triggers[0])
    if not words or not words <= _FILTERABLE_STATUSES:
        return {"": wanted}
    if Status.ERROR in words:
        words.add(_FAILED)
    return {word: replace(wanted, status=word) for word in sorted(words)}


async def _fill(lists: Sequence["_RunStream"]) -> str | None:
    """Read the next page of each list that is used up; return why it failed, None if it did not."""
    dry = [each for each in lists if each.is_dry]
    if not dry:
        return None
    read = sum(each.pages for each in lists)
    if read and read + len(dry) > MAX_PAGES:
        return f"the limit of {MAX_PAGES} pages per call was reached"
    try:
        await concurrently([each.fill for each in dry])
    except RetabError as error:
        if error.kind == ErrorKind.TIMEOUT and read:
            return "the call's time limit was reached"
        if error.kind == ErrorKind.UNSUPPORTED:
            raise QuestionError(
                ErrorKind.UNSUPPORTED,
                error.message,
                hint="Leave metadata out and narrow by workflow_id, dates or id_prefix.",
            ) from error
        raise
    return None


def _positions(lists: Sequence["_RunStream"]) -> Positions:
    return {each.status: each.position for each in lists if each.position}


class _RunStream:
    """One list of the API after `position` (a run id); `ready` holds the page read last."""

    def __init__(self, api: RetabApi, wanted: RunFilter, size: int, position: str | None) -> None:
        self.status = wanted.status
        self.position = position
        self.pages = 0
        self._api = api
        self._wanted = wanted
        self._size = size
        self._after = position
        self.ready: deque[Run] = deque()
        self._ended = False

    @property
    def is_dry(self) -> bool:
        """Return whether another page is needed and may exist."""
        return not self.ready and not self._ended

    def take(self) -> None:
        """Move past the next run."""
        self.position = self.ready.popleft().id

    async def fill(self) -> None:
        """Read the next page, halving its size while it is too large. Raises RetabError."""
        self.pages += 1
        try:
            page = await self._api.list_runs(self._wanted, limit=self._size, after=self._after)
        except RetabError as error:
            if error.kind == ErrorKind.TOO_LARGE and self._size > 1:
                self._size //= 2
                return await self.fill()
            refused = error.status == HTTPStatus.UNPROCESSABLE_ENTITY
            if not refused or self.status not in _NEWER_STATUSES:
                raise
            self._ended = True
            return None
        self.ready.extend(page.runs)
        self._ended = page.next_cursor is None or page.next_cursor == self._after
        self._after = page.next_cursor
        return None
