"""Read the failed runs in a window of days and their failing steps, and count all runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from retab_mcp.analysis.failure_groups import FailureGroup, Halves, failures_of, group_failures
from retab_mcp.models import Run, Status
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.failing_steps_reader import FailingStepsReader
from retab_mcp.queries.run_lists import RunQuery, find_runs
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.run_list import MAX_RUNS_LIMIT, RunFilter

# Maximum failed runs read for one answer, the newest first.
MAX_FAILED_RUNS = 500
# Maximum pages of runs read to count them all: 4,000 runs.
MAX_COUNT_PAGES = 40
# Parts of the window that are counted concurrently.
MAX_SPANS = 8


@dataclass(frozen=True)
class Window:
    """UTC days, both ends included; `until` is the end of the last day, or now if earlier."""

    first: date
    last: date
    until: datetime

    @property
    def middle(self) -> datetime:
        """The moment halfway through the window."""
        start = datetime.combine(self.first, time(), UTC)
        return start + (self.until - start) / 2


@dataclass(frozen=True)
class FailuresFound:
    """The groups of failures, worst first.

    `runs` counts all runs in the window; unless `counted`, it is a lower bound. `more` means that
    there are failed runs older than the `failed_runs` that were read, the oldest of which is from
    the day `oldest`. `gaps` are sentences about what could not be read.
    """

    groups: tuple[FailureGroup, ...]
    failed_runs: int
    runs: int
    counted: bool
    more: bool = False
    oldest: date | None = None
    gaps: list[str] = field(default_factory=list)


async def collect_failures(api: RetabApi, workflow_id: str, window: Window) -> FailuresFound:
    """Return the failures of a workflow ("" for all) in a window. Raises RetabError."""
    query = RunQuery(workflow_id, (Status.ERROR,), from_date=window.first, to_date=window.last)
    read = await find_runs(api, query, limit=MAX_FAILED_RUNS)
    failed = [found.run for found in read.found]
    counter = _Counter(api, workflow_id, window)
    steps = FailingStepsReader(api, workflow_id, failed)
    await concurrently([counter.count, steps.read])
    counts = (counter.before, counter.after) if counter.complete else (0, 0)
    failures = [each for run in failed for each in failures_of(run, steps.found.get(run.id))]
    days = [run.created_at.date() for run in failed if run.created_at]
    return FailuresFound(
        groups=tuple(group_failures(failures, Halves(window.middle, *counts))),
        failed_runs=len(failed),
        runs=max(counter.before + counter.after, len(failed)),
        counted=counter.complete,
        more=read.more or read.why is not None,
        oldest=min(days, default=None),
        gaps=[gap for gap in (read.why, steps.gap(), counter.gap()) if gap],
    )


class _Counter:
    """Counts the runs in a window, several spans of days concurrently."""

    def __init__(self, api: RetabApi, workflow_id: str, window: Window) -> None:
        self.before = self.after = 0
        self.complete = True
        self._api = api
        self._workflow_id = workflow_id
        self._window = window
        self._pages_left = MAX_COUNT_PAGES

    async def count(self) -> None:
        spans = _spans(self._window.first, self._window.last)
        await concurrently([partial(self._count, *span) for span in spans])

    def gap(self) -> str | None:
        return None if self.complete else "not all runs were counted"

    async def _count(self, first: date, last: date) -> None:
        wanted = RunFilter(
            workflow_id=self._workflow_id, from_date=first.isoformat(), to_date=last.isoformat()
        )
        after: str | None = None
        while self._pages_left:
            self._pages_left -= 1
            try:
                page = await self._api.list_runs(wanted, limit=MAX_RUNS_LIMIT, after=after)
            except RetabError:
                # The failures are worth an answer even without their share of all runs.
                break
            self._add(page.runs)
            if page.next_cursor in (None, after):
                return
            after = page.next_cursor
        self.complete = False

    def _add(self, runs: Sequence[Run]) -> None:
        later = sum(bool(r.created_at and r.created_at >= self._window.middle) for r in runs)
        self.after += later
        self.before += len(runs) - later


def _spans(first: date, last: date) -> list[tuple[date, date]]:
    """Cut the days from `first` to `last` into at most 8 spans, newest first."""
    days = (last - first).days + 1
    size = -(-days // MAX_SPANS)
    ends = [last - timedelta(days=passed) for passed in range(0, days, size)]
    return [(max(first, end - timedelta(days=size - 1)), end) for end in ends]
