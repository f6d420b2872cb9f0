"""Match the steps that wait for a person with their reviews."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.loops.step_order import in_execution_order
from retab_mcp.analysis.records import to_iso_time
from retab_mcp.analysis.time_account.step_time import is_review_of
from retab_mcp.digest.spoken_times import spoken_ms
from retab_mcp.models import Review, Run, Status, StepSummary
from retab_mcp.models.base import elapsed_ms

# A step of this type is the review itself (until 20 May 2026), so it waits since its start.
_REVIEW_TYPE = "hil"
# A shorter wait is no news.
WORTH_SAYING_MS = 60_000


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """A step that waits for a person, its pending review and since when, as far as known."""

    step: StepSummary
    review: Review | None
    since: datetime | None


def waiting_steps(
    run: Run, steps: Sequence[StepSummary], reviews: Sequence[Review]
) -> list[WaitingStep]:
    """Return the steps that wait for a review; those whose review is pending come first.

    A loop around such a step is left out.
    """
    waiting = [step for step in steps if step.status == Status.AWAITING_REVIEW] or [
        step for step in steps if step.block_id in run.waiting_for_block_ids
    ]
    around = {position.container_id for step in waiting for position in step.loops}
    inner = in_execution_order([step for step in waiting if step.block_id not in around])
    found = [waiting_step(run, step, reviews) for step in inner]
    return sorted(found, key=lambda each: each.review is None)


def about_the_waiting(
    cause: RootCause, waiting: Sequence[WaitingStep], reviews: Sequence[Review], now: datetime
) -> RootCause:
    """Return the cause of a waiting run as that of the first of `waiting` steps, with its wait."""
    if not waiting:
        return cause
    first = waiting[0]
    reasons = list(cause.reasons)
    decided = [
        review
        for review in reviews
        if review.verdict is not None and is_review_of(review, first.step)
    ]
    if first.review is None and decided:
        last = decided[-1]
        when = f" at {to_iso_time(last.decided_at)}" if last.decided_at is not None else ""
        reasons.append(f"no review is pending: {last.id} was {last.verdict}{when}")
    elif first.review is None:
        reasons.append("no review record was found: who was asked, and why, is not known")
    waited_ms = elapsed_ms(first.since, now) or 0
    waited = f" for {spoken_ms(waited_ms)}" if waited_ms >= WORTH_SAYING_MS else ""
    return replace(
        cause,
        step=first.step,
        message=f"waiting for the review of {first.step.label or first.step.block_id}{waited}",
        reasons=tuple(reasons),
    )


def waiting_step(run: Run, step: StepSummary, reviews: Sequence[Review]) -> WaitingStep:
    """Return a step that waits for a person with its pending review, the oldest if several."""
    pending = [
        review for review in reviews if review.verdict is None and is_review_of(review, step)
    ]
    review = pending[0] if pending else None
    since = review.created_at if review is not None else run.review_waiting_since
    if since is None and step.type == _REVIEW_TYPE:
        since = step.started_at
    return WaitingStep(step, review, since)
