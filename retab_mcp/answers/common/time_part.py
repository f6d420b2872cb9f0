"""The part of an answer about where the time went."""

from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.analysis.time_account.run_time import WORTH_MS, RunTime
from retab_mcp.answers.common.answer import Part
from retab_mcp.models import Run


class GapPart(Part):
    """The longest time in which nothing ran, between the end of one step and the next start."""

    ms: int
    after: str | None = None
    before: str | None = None


class TimePart(Part):
    """Milliseconds by what they went into.

    `active_ms`, in which steps ran, and the waits add up to the time from the run's start to its
    end; `queued_ms` is the wait for the start.
    """

    queued_ms: int | None = None
    active_ms: int | None = None
    waiting_for_review_ms: int | None = None
    between_attempts_ms: int | None = None
    between_steps_ms: int | None = None
    longest_gap: GapPart | None = None
    differing: list[str] = []


def time_part(time: RunTime | None, run: Run) -> TimePart | None:
    """Return what the time of a run went into; None if its steps took nearly all of it."""
    if time is None or not time.is_notable:
        return None
    gap = time.longest_gap if time.between_ms >= WORTH_MS else None
    names = (
        {
            name: short_step_id(step.step_id, run.id)
            for name, step in (("after", gap.after), ("before", gap.before))
            if step is not None
        }
        if gap is not None
        else {}
    )
    return TimePart(
        queued_ms=time.queued_ms if time.queued_ms >= WORTH_MS else None,
        active_ms=time.active_ms or None,
        waiting_for_review_ms=time.review_ms or None,
        between_attempts_ms=time.backoff_ms or None,
        between_steps_ms=time.between_ms or None,
        longest_gap=GapPart(ms=gap.ms, **names) if gap is not None else None,
        differing=list(time.differing),
    )
