"""Say when failures began and stopped, against all runs of their workflow."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from retab_mcp.analysis.failures.traits import (
    CommonTrait,
    RunTraits,
    Traits,
    common_traits,
    traits_of,
)
from retab_mcp.models import Run, Status

# Fewer failing runs show nothing about when a failure began or stopped.
MIN_FAILING_RUNS = 2
# So many runs without the failure are no chance: they would occur once in twenty times.
MAX_CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class RunMark:
    """What counting keeps of a run; one that is unfinished neither `failed` nor `completed`."""

    run_id: str
    at: datetime
    workflow_id: str | None
    version_id: str | None
    failed: bool
    completed: bool = False
    traits: Traits = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayCount:
    """The runs and failed runs of one day."""

    day: date
    runs: int
    failed: int


@dataclass(frozen=True, slots=True)
class VersionRate:
    """How many runs of a version had the failure."""

    version_id: str
    runs: int
    failed: int


@dataclass(frozen=True, slots=True)
class Onset:
    """When a failure began and stopped among `workflow_runs` runs of its workflow.

    `began_at` and `stopped_at` are the first and last failing run's creation, None if the failure
    may have occurred before or may occur again; `runs_before` and `runs_after` are runs without it.
    `runs_since` counts the runs from the first failing run on, until the last one if it stopped.
    `after` is the version of the first failing run, `before` the one in use before it; both are
    None if they are unknown, or if enough runs of that version passed before one failed.
    """

    workflow_runs: int
    failing_runs: int
    runs_since: int
    began_at: datetime | None = None
    runs_before: int = 0
    stopped_at: datetime | None = None
    runs_after: int = 0
    before: VersionRate | None = None
    after: VersionRate | None = None

    @property
    def rate_since(self) -> float:
        """The share of failing runs since the first one, above 0 to 1."""
        return self.failing_runs / self.runs_since


def mark_of(run: Run, failing: Collection[str] = (Status.ERROR,)) -> RunMark | None:
    """Return what counting keeps of a run; None if its time is unknown.

    Runs with a status of `failing` count as failed.
    """
    if run.created_at is None:
        return None
    return RunMark(
        run_id=run.id,
        at=run.created_at,
        workflow_id=run.workflow_id,
        version_id=run.workflow_version_id,
        failed=run.status in failing,
        completed=run.status == Status.COMPLETED,
        traits=traits_of(run),
    )


def days_of(marks: Iterable[RunMark], zone: tzinfo) -> list[DayCount]:
    """Return the runs of each day of `zone` that has any, oldest first."""
    runs: Counter[date] = Counter()
    failed: Counter[date] = Counter()
    for mark in marks:
        day = mark.at.astimezone(zone).date()
        runs[day] += 1
        failed[day] += mark.failed
    return [DayCount(day, runs[day], failed[day]) for day in sorted(runs)]


def onset_of(
    marks: Iterable[RunMark], workflow_id: str | None, failing: Collection[str]
) -> Onset | None:
    """Return when a failure of the runs `failing` (ids) began and stopped.

    `marks` are all runs of the window. None if none of the failing runs is among them.
    """
    runs = sorted(
        (mark for mark in marks if mark.workflow_id == workflow_id),
        key=lambda mark: (mark.at, mark.run_id),
    )
    places = [place for place, mark in enumerate(runs) if mark.run_id in failing]
    if not places:
        return None
    first, last = places[0], places[-1]
    count = len(places)
    rate = _likely_rate(count, last - first + 1)
    is_pattern = count >= MIN_FAILING_RUNS
    began = is_pattern and _is_no_chance(first, rate)
    stopped = is_pattern and _is_no_chance(len(runs) - 1 - last, rate)
    before, after = _versions(runs, first, failing, rate)
    return Onset(
        workflow_runs=len(runs),
        failing_runs=count,
        runs_since=(last + 1 if stopped else len(runs)) - first,
        began_at=runs[first].at if began else None,
        runs_before=first if began else 0,
        stopped_at=runs[last].at if stopped else None,
        runs_after=len(runs) - 1 - last if stopped else 0,
        before=before,
        after=after,
    )


def traits_in_common(
    marks: Iterable[RunMark], workflow_id: str | None, failing: Collection[str], zone: tzinfo
) -> list[CommonTrait]:
    """Return what the runs `failing` (ids) have in common and completed ones lack.

    `marks` are all runs of the window; times of the day are those of `zone`.
    """
    runs = [mark for mark in marks if mark.workflow_id == workflow_id]
    bad = [RunTraits(mark.at, mark.traits) for mark in runs if mark.run_id in failing]
    fine = [mark for mark in runs if mark.completed and mark.run_id not in failing]
    return common_traits(bad, [RunTraits(mark.at, mark.traits) for mark in fine], zone)


def _likely_rate(failing: int, runs: int) -> float:
    """Return the rate by the rule of succession, since a few runs do not show that all fail."""
    return (failing + 1) / (runs + 2)


def _is_no_chance(runs: int, rate: float) -> bool:
    return runs > 0 and (1 - rate) ** runs < MAX_CHANCE


def _versions(
    runs: Sequence[RunMark], first: int, failing: Collection[str], rate: float
) -> tuple[VersionRate | None, VersionRate | None]:
    after = runs[first].version_id
    earlier = [mark.version_id for mark in reversed(runs[:first]) if mark.version_id]
    before = next((version for version in earlier if version != after), None)
    if before is None or after is None:
        return None, None
    if _is_no_chance(earlier.index(before), rate):
        return None, None
    return _rate(runs, before, failing), _rate(runs, after, failing)


def _rate(runs: Sequence[RunMark], version_id: str, failing: Collection[str]) -> VersionRate:
    of_version = [mark.run_id for mark in runs if mark.version_id == version_id]
    return VersionRate(version_id, len(of_version), sum(one in failing for one in of_version))
