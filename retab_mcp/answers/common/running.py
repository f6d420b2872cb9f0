"""The steps of an unfinished run that run now or wait for their start."""

from datetime import datetime

from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.answers.common.answer import Part
from retab_mcp.answers.common.step_names import name_of
from retab_mcp.models import Run, Status, StepSummary
from retab_mcp.models.base import elapsed_ms

# Maximum steps shown; a parallel loop may run hundreds.
MAX_RUNNING = 5


class RunningStep(Part):
    """A step that is running; `attempt` counts from 1 and is left out for the first."""

    step_id: str
    block_id: str | None = None
    type: str | None = None
    label: str | None = None
    running_ms: int | None = None
    attempt: int | None = None


class QueuedStep(Part):
    """A step that waits for its start, at least since the last step before it ended."""

    step_id: str
    block_id: str | None = None
    type: str | None = None
    since: datetime | None = None


def running_steps(run: Run, steps: tuple[StepSummary, ...], now: datetime) -> list[RunningStep]:
    """Return the steps that run now, none for a run that ended."""
    if run.finished:
        return []
    return [
        RunningStep(
            **name_of(step, run.id),
            type=step.type,
            running_ms=elapsed_ms(step.started_at, now),
            attempt=step.retry_count + 1 if step.retry_count else None,
        )
        for step in steps
        if step.status == Status.RUNNING
    ][:MAX_RUNNING]


def queued_steps(run: Run, steps: tuple[StepSummary, ...]) -> list[QueuedStep]:
    """Return the queued steps of a running run; they wait since the last step ended."""
    queued = [step for step in steps if step.status == Status.QUEUED]
    if run.finished or not queued:
        return []
    ends = [step.completed_at for step in steps if step.completed_at is not None]
    times = [max(ends, default=None), run.started_at, run.created_at]
    found = []
    for step in queued[:MAX_RUNNING]:
        step_id = short_step_id(step.step_id, run.id)
        known = [each for each in (times[0] or times[1] or times[2], step.created_at) if each]
        found.append(
            QueuedStep(
                step_id=step_id,
                block_id=step.block_id if step.block_id != step_id else None,
                type=step.type,
                since=max(known, default=None),
            )
        )
    return found
