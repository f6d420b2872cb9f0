"""Loop containers, their sentinels, and the steps inside them."""

from collections.abc import Container, Iterable

from retab_mcp.models import LoopPosition, StepSummary

CONTAINER_TYPES = frozenset({"for_each", "while_loop"})
# Steps that only mark the start and the end of a loop body.
SENTINEL_TYPES = frozenset(
    f"{container}_sentinel_{end}" for container in CONTAINER_TYPES for end in ("start", "end")
)


def is_sentinel(step: StepSummary) -> bool:
    """Return whether `step` only marks the start or the end of a loop body."""
    return step.type in SENTINEL_TYPES


def container_ids(steps: Iterable[StepSummary]) -> frozenset[str]:
    """Return the block ids of all loop containers that are among `steps` or around them."""
    found = set()
    for step in steps:
        if step.type in CONTAINER_TYPES:
            found.add(step.block_id)
        found.update(position.container_id for position in step.loops)
    return frozenset(found)


def owner(step: StepSummary, containers: frozenset[str]) -> str | None:
    """Return the container whose own step or sentinel `step` is, None for other steps.

    A sentinel belongs to the container whose id starts its own block id, else to the innermost
    loop around it.
    """
    if step.block_id in containers:
        return step.block_id
    if not is_sentinel(step):
        return None
    named = [container for container in containers if step.block_id.startswith(container)]
    if named:
        return max(named, key=len)
    return step.loops[-1].container_id if step.loops else None


def positions_around(step: StepSummary, own: str | None) -> tuple[LoopPosition, ...]:
    """Return the loops around `step`, outermost first, without its own container `own`."""
    if own is None:
        return step.loops
    for depth, position in enumerate(step.loops):
        if position.container_id == own:
            return step.loops[:depth]
    return step.loops


def iteration_number(position: LoopPosition) -> int | None:
    """Return the iteration (in a parallel loop the item), counted from 0; None if unknown."""
    if position.is_parallel and position.item_index is not None:
        return position.item_index
    return position.iteration if position.iteration is not None else position.item_index


def in_other_iteration(
    step: StepSummary, earlier: StepSummary, while_loops: Container[str]
) -> bool | None:
    """Return whether the two steps ran in iterations that do not depend on each other.

    None where both ran in the same iterations of all loops that they share. In a while loop (a
    container in `while_loops`) a later iteration depends on an earlier one.
    """
    for mine, theirs in zip(step.loops, earlier.loops, strict=False):
        if mine.container_id != theirs.container_id:
            return None
        number, before = iteration_number(mine), iteration_number(theirs)
        if number is not None and before is not None and number != before:
            return not (mine.container_id in while_loops and before < number)
    return None
