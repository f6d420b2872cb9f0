"""Read the failed runs in a window of days and their failing steps, and count all runs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from itertools import product

import anyio

from retab_mcp.analysis.failures.failure_groups import (
    FailureGroup,
    Halves,
    RunFailure,
    failures_of,
    group_failures,
)
from retab_mcp.analysis.failures.failure_onset import (
    DayCount,
    Onset,
    RunMark,
    days_of,
    mark_of,
    onset_of,
    traits_in_common,
)
from retab_mcp.analysis.failures.sampled_causes import SampledCause, sampled_causes
from retab_mcp.analysis.failures.traits import CommonTrait
from retab_mcp.models import Run, StepSummary
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.failing_steps_reader import FailingStepsReader
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.run_causes import FoundCause, RunCauses
from retab_mcp.queries.run_lists import RunQuery, find_runs
from retab_mcp.queries.window import Window
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.run_list import MAX_RUNS_LIMIT, RunFilter
from retab_mcp.retab.version_changes import VersionChanges

# Maximum failed runs read for one answer, the newest first.
MAX_FAILED_RUNS = 500
# If there are more, the first and last ones of so many days are read, a page of each.
MAX_DAYS_READ = 14
# Maximum pages of runs read to count them all: 4,000 runs.
MAX_COUNT_PAGES = 40
# Parts of the window that are counted concurrently.
MAX_SPANS = 8
# Steps and counts are read for at most this long, so that slow servers leave time for an answer.
READ_SECONDS = 25.0
# Of this, the failing steps take at most so long; the rest is for their records.
STEP_SECONDS = 15.0
# The ends of the days are read for at most this long.
END_SECONDS = 12.0
# Maximum groups whose change of version is looked up.
MAX_VERSION_LOOKUPS = 3


@dataclass(frozen=True)
class GroupFound:
    """A group of failures, when it began and stopped, and the change of version then.

    `in_common` is what its runs have and completed ones lack. `sampled` is the one cause of the
    runs that were examined of those that report the same, if the group is by their words.
    """

    group: FailureGroup
    onset: Onset | None = None
    version_changes: VersionChanges | None = None
    in_common: tuple[CommonTrait, ...] = ()
    sampled: SampledCause | None = None


@dataclass(frozen=True)
class FailuresFound:
    """The groups of failures, worst first.

    `runs` counts all runs in the window; unless `counted`, it is a lower bound. `days` are the days
    with runs; unless `counted`, with failed runs, which are then all that is known. `more` means
    that there are failed runs that were not read, `oldest` is the day before which some are
    missing. `gaps` are sentences about what could not be read.
    """

    groups: tuple[GroupFound, ...]
    days: tuple[DayCount, ...]
    failed_runs: int
    runs: int
    counted: bool
    more: bool = False
    oldest: date | None = None
    gaps: list[str] = field(default_factory=list)


async def collect_failures(
    inspector: Inspector, workflow_id: str, window: Window, statuses: tuple[str, ...]
) -> FailuresFound:
    """Return the failures of a workflow ("" for all) in a window: its runs with these statuses.

    Raises RetabError.
    """
    api = inspector.api
    first, last = window.utc_days
    query = RunQuery(workflow_id, statuses, from_date=first, to_date=last)
    read = await find_runs(api, query, limit=MAX_FAILED_RUNS)
    newest = [found.run for found in read.found if window.holds(found.run.created_at)]
    more = read.more or read.why is not None
    oldest = min((_day(run, window) for run in newest if run.created_at), default=None)
    # The words for failed runs that this server uses: its filter distinguishes them.
    words = read.found[-1].positions if read.found else {}
    ends = _DayEnds(api, workflow_id, window, statuses, list(words))
    if more and oldest is not None:
        await ends.read(oldest)
    failed = list({run.id: run for run in (*newest, *ends.runs)}.values())
    counter = _Counter(api, workflow_id, window, statuses)
    steps = FailingStepsReader(api, workflow_id, failed)
    causes = RunCauses(inspector, failed, steps)

    async def read_causes() -> None:
        with anyio.move_on_after(STEP_SECONDS):
            await steps.read()
        await causes.read()

    with anyio.move_on_after(READ_SECONDS):
        await concurrently([counter.count, read_causes])
    counter.complete = counter.complete and counter.spans_left == 0
    counts = counter.halves if counter.complete else (0, 0)
    failures = [
        failure
        for run in failed
        for failure in _failures(run, steps.found.get(run.id), causes.found.get(run.id))
    ]
    groups = group_failures(failures, Halves(window.middle, *counts))
    marks = counter.marks if counter.complete and not more else None
    samples = sampled_causes(
        failed, {run_id: each.cause for run_id, each in causes.found.items() if each.by_record}
    )
    found = [
        replace(
            _dated(group, marks, window) if marks is not None else _undated(group, more=more),
            sampled=_other_cause(group, samples.get(group.latest.said)),
        )
        for group in groups
    ]
    known = [mark for run in failed if (mark := mark_of(run, statuses)) is not None]
    return FailuresFound(
        groups=tuple(await _with_version_changes(api, found)),
        days=tuple(days_of(counter.marks if counter.complete else known, window.zone)),
        failed_runs=len(failed),
        runs=max(len(counter.marks), len(failed)),
        counted=counter.complete,
        more=more,
        oldest=oldest,
        gaps=[gap for gap in (read.why, steps.gap(), counter.gap()) if gap],
    )


def _dated(group: FailureGroup, marks: Sequence[RunMark], window: Window) -> GroupFound:
    """Return the group with what all runs say of it; a failure that stopped has no trend."""
    workflow_id = group.latest.workflow_id
    onset = onset_of(marks, workflow_id, group.run_ids)
    common = traits_in_common(marks, workflow_id, group.run_ids, window.zone)
    if onset is not None and onset.stopped_at is not None:
        group = replace(group, trend=None)
    return GroupFound(group, onset, in_common=tuple(common))


def _other_cause(group: FailureGroup, sampled: SampledCause | None) -> SampledCause | None:
    """Return the sampled cause of runs that are grouped by their words, if it is another."""
    if not group.by_own_words or sampled is None:
        return None
    return sampled if sampled.run_id not in group.run_ids else None


def _undated(group: FailureGroup, *, more: bool) -> GroupFound:
    return GroupFound(replace(group, trend=None) if more else group)


def _failures(
    run: Run, steps: Sequence[StepSummary] | None, found: FoundCause | None
) -> list[RunFailure]:
    if found is None:
        return failures_of(run, steps)
    return failures_of(
        run, steps or (), found.cause, by_record=found.by_record, survived=found.survived
    )


def _day(run: Run, window: Window) -> date:
    assert run.created_at is not None
    return run.created_at.astimezone(window.zone).date()


async def _with_version_changes(api: RetabApi, found: Sequence[GroupFound]) -> list[GroupFound]:
    """Add what changed between the versions before and after the first failures of a group."""

    async def read(one: GroupFound) -> GroupFound:
        workflow_id, onset = one.group.latest.workflow_id, one.onset
        if not workflow_id or onset is None or onset.before is None or onset.after is None:
            return one
        before, after = onset.before.version_id, onset.after.version_id
        try:
            changes = await api.get_version_changes(workflow_id, before, after)
        except RetabError:
            # The versions and their rates say the main thing.
            return one
        return replace(one, version_changes=changes)

    first = await concurrently([partial(read, one) for one in found[:MAX_VERSION_LOOKUPS]])
    return [*first, *found[MAX_VERSION_LOOKUPS:]]


class _DayEnds:
    """Reads the first and last failed runs of the days that were not read as a whole."""

    def __init__(
        self,
        api: RetabApi,
        workflow_id: str,
        window: Window,
        statuses: Collection[str],
        words: Sequence[str],
    ) -> None:
        self.runs: list[Run] = []
        self._statuses = statuses
        self._words = words
        self._api = api
        self._workflow_id = workflow_id
        self._window = window

    async def read(self, last: date) -> None:
        """Read a page from both ends of each day up to `last`, of the newest days."""
        first = max(self._window.utc_days[0], last - timedelta(days=MAX_DAYS_READ - 1))
        days = [first + timedelta(days=passed) for passed in range((last - first).days + 1)]
        ends = product(days, self._words, (True, False))
        with anyio.move_on_after(END_SECONDS):
            await concurrently([partial(self._read_end, *end) for end in ends])

    async def _read_end(self, day: date, word: str, oldest_first: bool) -> None:
        wanted = RunFilter(
            workflow_id=self._workflow_id,
            status=word,
            from_date=day.isoformat(),
            to_date=day.isoformat(),
            oldest_first=oldest_first,
        )
        try:
            page = await self._api.list_runs(wanted)
        except RetabError:
            # What was read is worth an answer, which says that there is more.
            return
        self.runs += [
            run
            for run in page.runs
            if run.status in self._statuses and self._window.holds(run.created_at)
        ]


class _Counter:
    """Counts the runs in a window, several spans of days concurrently."""

    def __init__(
        self, api: RetabApi, workflow_id: str, window: Window, statuses: Collection[str]
    ) -> None:
        self._statuses = statuses
        self.marks: list[RunMark] = []
        self.complete = True
        self.spans_left = 0
        self._seen: set[str] = set()
        self._api = api
        self._workflow_id = workflow_id
        self._window = window
        self._pages_left = MAX_COUNT_PAGES

    @property
    def halves(self) -> tuple[int, int]:
        """The number of runs in the first and in the second half of the window."""
        later = sum(mark.at >= self._window.middle for mark in self.marks)
        return len(self.marks) - later, later

    async def count(self) -> None:
        spans = _spans(*self._window.utc_days)
        self.spans_left = len(spans)
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
                self.spans_left -= 1
                return
            after = page.next_cursor
        self.complete = False

    def _add(self, runs: Sequence[Run]) -> None:
        for run in runs:
            mark = mark_of(run, self._statuses)
            if mark is not None and run.id not in self._seen and self._window.holds(mark.at):
                self._seen.add(run.id)
                self.marks.append(mark)


def _spans(first: date, last: date) -> list[tuple[date, date]]:
    """Cut the days from `first` to `last` into at most 8 spans, newest first."""
    days = (last - first).days + 1
    size = -(-days // MAX_SPANS)
    ends = [last - timedelta(days=passed) for passed in range(0, days, size)]
    return [(max(first, end - timedelta(days=size - 1)), end) for end in ends]
