"""The failed steps that can be the cause of a failed run."""

from collections.abc import Sequence
from datetime import datetime

from retab_mcp.analysis.loops.loop_containers import container_ids, iteration_number, owner
from retab_mcp.analysis.loops.step_order import in_execution_order
from retab_mcp.models import LoopPosition, Status, StepSummary

# One run of a block or loop: its id, and the container and iteration of each loop around it.
_LoopRun = tuple[str, tuple[tuple[str, int | None], ...]]


def failed_on_their_own(steps: Sequence[StepSummary]) -> list[StepSummary]:
    """Return the failed steps in execution order, without loops that failed by a step inside.

    Where other steps failed as well, those inside a loop that completed are left out too, and
    those whose block passed when it ran again.
    """
    fatal, tolerated, repaired = _sorted_out(steps)
    return in_execution_order(fatal or tolerated or repaired)


def tolerated_failures(steps: Sequence[StepSummary]) -> list[StepSummary]:
    """Return the failed steps inside loops that completed, in execution order.

    Empty where no other step failed: then they are what `failed_on_their_own` returns.
    """
    fatal, tolerated, _ = _sorted_out(steps)
    return in_execution_order(tolerated) if fatal else []


def tolerant_loop(step: StepSummary, steps: Sequence[StepSummary]) -> str | None:
    """Return the outermost completed loop around a failed step, None if there is none."""
    completed = _completed_loops(steps)
    runs = zip(step.loops, _loop_runs(step.loops), strict=True)
    return next((position.container_id for position, run in runs if run in completed), None)


def _sorted_out(
    steps: Sequence[StepSummary],
) -> tuple[list[StepSummary], list[StepSummary], list[StepSummary]]:
    """Return the failed steps that are fatal, tolerated by a loop, and repaired by a retry."""
    failed = [step for step in steps if step.status == Status.ERROR]
    around = {position.container_id for step in failed for position in step.loops}
    own = [step for step in failed if step.block_id not in around]
    completed = _completed_loops(steps) if around else set()
    fatal: list[StepSummary] = []
    tolerated: list[StepSummary] = []
    repaired: list[StepSummary] = []
    passed = _passes(steps, {step.block_id for step in own})
    for step in own:
        if any(run in completed for run in _loop_runs(step.loops)):
            tolerated.append(step)
        elif _passed_later(step, passed):
            repaired.append(step)
        else:
            fatal.append(step)
    return fatal, tolerated, repaired


def _passes(steps: Sequence[StepSummary], blocks: set[str]) -> dict[_LoopRun, datetime]:
    """Return when a step of these blocks last started and passed, by block and place in loops."""
    found: dict[_LoopRun, datetime] = {}
    for step in steps:
        if step.block_id in blocks and step.status == Status.COMPLETED and step.started_at:
            place = step.block_id, _places(step.loops)
            found[place] = max(step.started_at, found.get(place, step.started_at))
    return found


def _passed_later(step: StepSummary, passed: dict[_LoopRun, datetime]) -> bool:
    """Return whether the block of a failed step ran again at the same place, and passed."""
    ended = step.completed_at or step.started_at
    again = passed.get((step.block_id, _places(step.loops)))
    return ended is not None and again is not None and again >= ended


def _completed_loops(steps: Sequence[StepSummary]) -> set[_LoopRun]:
    """Return the loops that completed, by their own step or, where it is missing, its end."""
    containers = container_ids(steps)
    found = set()
    for step in steps:
        if step.status != Status.COMPLETED:
            continue
        is_end = (step.type or "").endswith("_sentinel_end")
        container = owner(step, containers) if is_end else step.block_id
        # An end inside its own loop ends one iteration, not the loop.
        inside = any(position.container_id == container for position in step.loops)
        if container in containers and not inside:
            found.add((container, _places(step.loops)))
    return found


def _loop_runs(loops: Sequence[LoopPosition]) -> list[_LoopRun]:
    return [(each.container_id, _places(loops[:depth])) for depth, each in enumerate(loops)]


def _places(loops: Sequence[LoopPosition]) -> tuple[tuple[str, int | None], ...]:
    return tuple((position.container_id, iteration_number(position)) for position in loops)
