"""What the time of a run went into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from retab_mcp.analysis.loops.loop_containers import container_ids
from retab_mcp.analysis.time_account.intervals import Span, later, length_ms, minus, union, within
from retab_mcp.analysis.time_account.step_time import StepTime, step_time
from retab_mcp.digest.spoken_times import spoken_ms
from retab_mcp.models import Artifact, Review, Run, Status, StepSummary
from retab_mcp.models.base import elapsed_ms

# Two sources of the same time differ when they are this far apart, and by this share of the longer.
DIFFERS_BY_MS = 1_000
DIFFERS_SHARE = 0.05
# A wait is worth a word from this length on, one between two steps from this share of the run's
# time on: a little of it is ordinary.
WORTH_MS = 10_000
WORTH_SHARE = 0.1
# Many small gaps, and those before the first and after the last step, are worth one when they are
# most of the time.
WORTH_SUM_MS = 60_000
WORTH_SUM_SHARE = 0.5
# Requests that back off do so for seconds.
WORTH_BACKOFF_MS = 1_000

_GOES_ON = frozenset({Status.RUNNING, Status.AWAITING_REVIEW})


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nothing ran: `ms` long, `after` one step's end, `before` another's start.

    None at the start and the end of the run.
    """

    ms: int
    after: StepSummary | None
    before: StepSummary | None


@dataclass(frozen=True, slots=True)
class RunTime:
    """The milliseconds of a run by what they went into, each moment counted once.

    `active_ms`, in which at least one step ran, `backoff_ms`, `review_ms` and `between_ms` (no
    step ran and no review was open) add up to the time from the run's start to its end. `queued_ms`
    is the time before the start. `differing` says where two sources of the same time disagree.
    """

    queued_ms: int
    active_ms: int
    backoff_ms: int
    review_ms: int
    between_ms: int
    longest_gap: Gap | None
    differing: tuple[str, ...] = ()

    @property
    def total_ms(self) -> int:
        """The milliseconds from the run's start to its end."""
        return self.active_ms + self.backoff_ms + self.review_ms + self.between_ms

    @property
    def is_notable(self) -> bool:
        """True if more than running and ordinary overhead took time."""
        return (
            self.queued_ms >= WORTH_MS
            or self.review_ms >= WORTH_MS
            or self.backoff_ms >= WORTH_BACKOFF_MS
            or self._is_gap_notable
            or bool(self.differing)
        )

    @property
    def _is_gap_notable(self) -> bool:
        gap = self.longest_gap
        is_inside = gap is not None and gap.after is not None and gap.before is not None
        longest = gap.ms if gap is not None and is_inside else 0
        return longest >= max(WORTH_MS, WORTH_SHARE * self.total_ms) or self.between_ms >= max(
            WORTH_SUM_MS, WORTH_SUM_SHARE * self.total_ms
        )


def run_time(
    run: Run,
    steps: Sequence[StepSummary],
    reviews: Sequence[Review] = (),
    artifacts: Mapping[str, Artifact] | None = None,
    now: datetime | None = None,
) -> RunTime | None:
    """Return what the time of a run went into, None if it is unknown.

    It is unknown without the run's start or end, and where a step never ended though the run did.
    `steps` are all of its steps, `artifacts` are by step id. `now` is the current time; it ends an
    unfinished run and what is running in it.
    """
    until = None if run.finished else now
    if until is None and any(step.status in _GOES_ON for step in steps):
        return None
    times = steps_times(steps, reviews, artifacts or {}, until)
    whole = _whole(run, until)
    if whole is None:
        return _before_the_start(run, until)
    running = within((span for each in times for span in each.active), whole)
    backoff = minus(within((s for each in times for s in each.backoff), whole), running)
    open_reviews = [span for each in times for span in each.reviews]
    if run.review_waiting_since is not None and until is not None:
        open_reviews.append((run.review_waiting_since, until))
    review = minus(within(open_reviews, whole), [*running, *backoff])
    gaps = minus([whole], [*running, *backoff, *review])
    if not times:
        # A run whose steps have no times has no gaps either.
        running, gaps = gaps, []
    found = RunTime(
        queued_ms=max(0, elapsed_ms(run.created_at, run.started_at) or 0),
        active_ms=length_ms(running),
        backoff_ms=length_ms(backoff),
        review_ms=length_ms(review),
        between_ms=length_ms(gaps),
        longest_gap=_longest(gaps, times),
    )
    return _with_the_runs_own(found, run, whole)


def steps_times(
    steps: Sequence[StepSummary],
    reviews: Sequence[Review],
    artifacts: Mapping[str, Artifact],
    now: datetime | None,
) -> list[StepTime]:
    """Return the times of all steps that have them, but for loops: their steps are counted."""
    around = container_ids(steps)
    filled = {position.container_id for step in steps for position in step.loops}
    times = (
        step_time(step, reviews, artifacts.get(step.step_id), now)
        for step in steps
        if step.block_id not in around or step.block_id not in filled
    )
    return [each for each in times if each is not None]


def _whole(run: Run, now: datetime | None) -> Span | None:
    start, end = run.started_at, run.completed_at or now
    if start is None:
        return None
    if end is None and run.duration_ms is not None:
        end = later(start, run.duration_ms)
    return (start, end) if end is not None and start < end else None


def _before_the_start(run: Run, now: datetime | None) -> RunTime | None:
    queued = elapsed_ms(run.created_at, run.started_at or now)
    return RunTime(queued, 0, 0, 0, 0, None) if queued else None


def _longest(gaps: Sequence[Span], times: Sequence[StepTime]) -> Gap | None:
    if not gaps:
        return None
    start, end = max(gaps, key=lambda gap: gap[1] - gap[0])
    ended = [each for each in times if each.whole[1] <= start]
    begun = [each for each in times if each.whole[0] >= end]
    return Gap(
        length_ms([(start, end)]),
        max(ended, key=lambda each: each.whole[1]).step if ended else None,
        min(begun, key=lambda each: each.whole[0]).step if begun else None,
    )


def _with_the_runs_own(found: RunTime, run: Run, whole: Span) -> RunTime:
    """Return the account with the run's own numbers, and where they differ from the steps'."""
    span = length_ms(union([whole]))
    differing = []
    own = run.review_waiting_ms or 0
    review, running, between = found.review_ms, found.active_ms, found.between_ms
    if own and not review:
        # Older servers only say how long it was, so it is taken from what nothing else explains.
        review = min(own, running + between)
        from_gaps = min(between, review)
        between, running = between - from_gaps, running - (review - from_gaps)
    elif own and run.review_waiting_since is None and _differ(own, review):
        differing.append(
            f"the run counts {spoken_ms(own)} of waiting for reviews, the reviews themselves"
            f" {spoken_ms(review)}"
        )
    if run.duration_ms is not None and run.completed_at is not None:
        sent = run.duration_ms
        if _differ(sent, span) and not _differ(sent + review, span):
            differing.append(f"duration_ms leaves out {spoken_ms(review)} of waiting for reviews")
        elif _differ(sent, span):
            differing.append(f"duration_ms is as sent; from start to end it is {spoken_ms(span)}")
    gap = found.longest_gap
    if gap is not None and gap.ms > between:
        gap = None
    return RunTime(
        found.queued_ms, running, found.backoff_ms, review, between, gap, tuple(differing)
    )


def _differ(ms: int, other_ms: int) -> bool:
    apart = abs(ms - other_ms)
    return apart >= DIFFERS_BY_MS and apart >= DIFFERS_SHARE * max(ms, other_ms)
