"""Find in a step's inputs that items of a loop are missing."""

from collections.abc import Iterator, Sequence

from retab_mcp.analysis.loops.loop_containers import iteration_number
from retab_mcp.models import Json, StepPayload, StepSummary

# Lists this deep in an input can be what a loop returned: {"items": […]}, {"result": {"rows": …}}.
MAX_DEPTH = 3


def lacks_items(
    payload: StepPayload, failed: Sequence[StepSummary], steps: Sequence[StepSummary]
) -> bool:
    """Return whether an input lacks exactly what the `failed` iterations of a loop should give.

    Either it has a list with an empty item for each of them and for no other iteration, or a list
    that is as short as the loop without them.
    """
    if not failed or not failed[0].loops:
        return False
    container = failed[0].loops[0].container_id
    ran = _iterations(steps, container)
    lost = _iterations(failed, container)
    if not lost or len(ran) <= len(lost):
        return False
    for handle in payload.handle_inputs.values():
        data = handle.get("data") if isinstance(handle, dict) else None
        for items in _lists(data, MAX_DEPTH):
            if len(items) == len(ran) - len(lost):
                return True
            empty = {at for at, item in enumerate(items) if item in (None, {}, [], "")}
            if len(items) == len(ran) and empty == lost:
                return True
    return False


def _iterations(steps: Sequence[StepSummary], container: str) -> set[int]:
    numbers = (
        iteration_number(position)
        for step in steps
        for position in step.loops[:1]
        if position.container_id == container
    )
    return {number for number in numbers if number is not None}


def _lists(value: Json, depth: int) -> Iterator[list[Json]]:
    if isinstance(value, list):
        yield value
    elif isinstance(value, dict) and depth:
        for member in value.values():
            yield from _lists(member, depth - 1)
