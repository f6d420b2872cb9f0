"""What the time of one step went into."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from retab_mcp.analysis.time_account.attempts import attempt_spans
from retab_mcp.analysis.time_account.intervals import Span, later, length_ms, minus, within
from retab_mcp.analysis.values.json_types import as_dicts
from retab_mcp.models import Artifact, Operation, Review, Status, StepSummary

# The block whose step is a review, until 20 May 2026.
_REVIEW_TYPE = "hil"
# Of attempts without times: a shorter rest is the time around the requests.
MIN_BACKOFF_MS = 1_000


@dataclass(frozen=True, slots=True)
class StepTime:
    """The spans of a step: the whole, and in it waiting for a review and backing off.

    A review can end after the step.
    """

    step: StepSummary
    whole: Span
    reviews: tuple[Span, ...] = ()
    backoff: tuple[Span, ...] = ()

    @property
    def active(self) -> list[Span]:
        """The time in which the step itself ran, perhaps in an empty span."""
        if not self.reviews and not self.backoff:
            return [self.whole]
        return minus([self.whole], [*self.reviews, *self.backoff])

    @property
    def active_ms(self) -> int:
        """The milliseconds in which the step itself ran."""
        return length_ms(self.active)

    @property
    def review_ms(self) -> int:
        """The milliseconds in which the step waited for a review."""
        return length_ms(within(self.reviews, self.whole))

    @property
    def backoff_ms(self) -> int:
        """The milliseconds between attempts."""
        return length_ms(within(self.backoff, self.whole))


def step_time(
    step: StepSummary,
    reviews: Sequence[Review] = (),
    artifact: Artifact | None = None,
    now: datetime | None = None,
) -> StepTime | None:
    """Return the times of a step, None if it never started or its end is unknown.

    `reviews` are those of its run. `now` ends what is unfinished; it is None for a run that ended.
    """
    whole = _whole(step, now)
    if whole is None:
        return None
    if artifact is None and not reviews and step.type != _REVIEW_TYPE:
        # Almost every step of a large run.
        return StepTime(step, whole)
    end = now or whole[1]
    spans = review_spans([review for review in reviews if is_review_of(review, step)], end)
    if step.type == _REVIEW_TYPE:
        spans.append(whole)
    return StepTime(step, whole, tuple(spans), tuple(_backoff(whole, artifact)))


def review_spans(reviews: Iterable[Review], now: datetime | None = None) -> list[Span]:
    """Return the spans in which reviews were pending; without `now`, only of decided ones."""
    found = []
    for review in reviews:
        end = review.decided_at or now
        if review.created_at is not None and end is not None:
            found.append((review.created_at, end))
    return found


def is_review_of(review: Review, step: StepSummary) -> bool:
    """Return whether `review` is one of this step, which in a loop is one of many of its block."""
    if review.step_id in (step.step_id, step.block_id):
        return True
    # The first reviews named a run of the block in place of the step.
    return review.block_id == step.block_id and not (review.step_id and step.loops)


def _whole(step: StepSummary, now: datetime | None) -> Span | None:
    if step.started_at is None:
        return None
    if step.completed_at is not None:
        return step.started_at, step.completed_at
    if step.duration_ms is not None:
        return step.started_at, later(step.started_at, step.duration_ms)
    goes_on = step.status in (Status.RUNNING, Status.AWAITING_REVIEW)
    return (step.started_at, now) if goes_on and now is not None else None


def _backoff(whole: Span, artifact: Artifact | None) -> Sequence[Span]:
    if artifact is None or artifact.operation != Operation.API_CALL_INVOCATION:
        return ()
    attempts = as_dicts(artifact.data.get("attempts"))
    if len(attempts) < 2:
        return ()
    spans = attempt_spans(attempts)
    if len(spans) == len(attempts):
        pairs = pairwise(spans)
        return [(before[1], after[0]) for before, after in pairs if before[1] < after[0]]
    # Without their times, what the requests did not take was spent between them.
    durations = [attempt.get("duration_ms") for attempt in attempts]
    known = [each for each in durations if isinstance(each, int)]
    rest = length_ms([whole]) - sum(known)
    if len(known) < len(attempts) or rest < MIN_BACKOFF_MS:
        return ()
    return [(whole[0], later(whole[0], rest))]
