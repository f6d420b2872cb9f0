"""Find steps that never started or never ended in a run that ended."""

from collections.abc import Iterator, Sequence

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.loops.step_order import in_execution_order
from retab_mcp.models import FindingKind, Run, Status, StepSummary

# Steps that the message names, next to the number of all.
MAX_NAMED = 3

_NEVER_STARTED = frozenset({Status.PENDING, Status.QUEUED})
_NEVER_ENDED = frozenset({Status.RUNNING, Status.AWAITING_REVIEW})


def find_unfinished_steps(run: Run, steps: Sequence[StepSummary]) -> Iterator[Finding]:
    """Yield a finding for the steps that never ended, and one for those that never started.

    After a failure or a cancellation it is ordinary that steps never start.
    """
    if not run.finished:
        return
    open_steps = [step for step in steps if step.status in _NEVER_ENDED]
    around = {position.container_id for step in open_steps for position in step.loops}
    ended = [step for step in open_steps if step.block_id not in around]
    if ended:
        yield _finding(run, ended, "never ended")
    started = [step for step in steps if step.status in _NEVER_STARTED]
    if started and run.status == Status.COMPLETED:
        yield _finding(run, started, "never started")


def _finding(run: Run, steps: Sequence[StepSummary], what: str) -> Finding:
    ordered = in_execution_order(steps)
    count = "1 step" if len(steps) == 1 else f"{len(steps)} steps"
    names = ", ".join(dict.fromkeys(step.block_id for step in ordered[:MAX_NAMED]))
    more = f" and {len(steps) - MAX_NAMED} more" if len(steps) > MAX_NAMED else ""
    status = ordered[0].status
    message = f"the run has status {run.status}, but {count} {what} ({status}): {names}{more}"
    return Finding(FindingKind.UNFINISHED_STEPS, message, "status").about(ordered[0])
