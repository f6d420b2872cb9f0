"""Name the step that failed a run from the run's own record."""

from typing import NamedTuple

from retab_mcp.analysis.cause.root_cause import find_cause
from retab_mcp.models import Run, Status

# Precedes the iteration in the id of a step inside a loop.
_ITERATION = "_iter_"


class FailingStep(NamedTuple):
    """A step known by the id of its block, by its own id, by both or by neither."""

    block_id: str | None = None
    step_id: str | None = None


def failing_step(run: Run) -> FailingStep:
    """Return the step that failed a run, without reading its steps.

    It comes from the steps that older generations embed in the run, else from the details of its
    error, else from `failing_step_id`, which is often null or wrong.
    """
    if run.status != Status.ERROR:
        return FailingStep()
    cause = find_cause(run, run.steps) if run.steps else None
    if cause is not None and cause.step is not None:
        return FailingStep(cause.step.block_id, cause.step.step_id)
    hint = run.failing_step_id
    details = run.failure.details if run.failure else None
    if details is not None and details.block_id:
        return FailingStep(details.block_id, hint)
    if hint is None:
        return FailingStep()
    block_id = hint.removeprefix(f"{run.id}_")
    return FailingStep(None if _ITERATION in block_id else block_id, hint)


def found_by_block(run: Run, step: FailingStep) -> bool:
    """Return whether the block's id alone identifies the step: not if it ran inside a loop."""
    return step.block_id is not None and step.step_id in (
        None,
        step.block_id,
        f"{run.id}_{step.block_id}",
    )
