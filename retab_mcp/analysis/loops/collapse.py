"""Steps as rows in execution order, each loop collapsed to one row."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from retab_mcp.analysis.loops.loop_containers import (
    container_ids,
    is_sentinel,
    iteration_number,
    owner,
    positions_around,
)
from retab_mcp.analysis.loops.loop_summary import (
    MESSAGE_TOKENS,
    LoopSummary,
    row_message,
    summarize_loop,
)
from retab_mcp.analysis.loops.step_order import in_execution_order
from retab_mcp.digest.text import clip
from retab_mcp.models import ArtifactRef, Status, StepSummary
from retab_mcp.models.base import elapsed_ms

# Status of a loop without a step of its own: the first of these that occurs inside.
_WORST_FIRST = (
    Status.ERROR,
    Status.AWAITING_REVIEW,
    Status.RUNNING,
    Status.QUEUED,
    Status.PENDING,
    Status.CANCELLED,
    Status.COMPLETED,
    Status.SKIPPED,
)


@dataclass(frozen=True, slots=True)
class StepOrLoop:
    """A step, or a whole loop (then `loop` is set).

    `iteration` is the position in the opened loops, outermost first. `step_id` is None for a loop
    that has no step of its own.
    """

    block_id: str
    step_id: str | None
    type: str | None
    label: str | None
    status: str
    started_at: datetime | None
    duration_ms: int | None
    message: str | None
    reason: str | None
    retries: int
    iteration: tuple[int | None, ...]
    artifact: ArtifactRef | None
    loop: LoopSummary | None = None


def select_steps(
    steps: Sequence[StepSummary],
    block_id: str = "",
    statuses: Collection[str] = (),
    types: Collection[str] = (),
) -> list[StepSummary]:
    """Return the steps that match, in execution order; an empty filter matches all.

    `statuses` and `types` are in lower case, since new words of the vendor can come in any case.
    `block_id` of a container selects the steps inside it; of another block, its own steps.
    """
    containers = container_ids(steps)

    def matches(step: StepSummary) -> bool:
        if statuses and step.status.lower() not in statuses:
            return False
        if types and (step.type or "").lower() not in types:
            return False
        if not block_id:
            return True
        if block_id not in containers:
            return step.block_id == block_id
        around = positions_around(step, owner(step, containers))
        return any(position.container_id == block_id for position in around)

    return [step for step in in_execution_order(steps) if matches(step)]


# The opened iterations around a row, its container (None for a step), and the number of the step.
_Key = tuple[tuple[tuple[str, int | None], ...], str | None, int]


def collapse_loops(
    steps: Sequence[StepSummary], selected: Sequence[StepSummary], block_id: str = ""
) -> list[StepOrLoop]:
    """Return the `selected` ones of `steps` as rows in execution order, loops collapsed.

    `selected` are what select_steps returns for the same `block_id`. A loop is one row, at the
    place of its first step, with its own step and sentinels merged into it. `block_id` of a
    container opens it: one row per step directly inside, nested loops collapsed per iteration; of
    another block: one row per step of it. A loop is shown if anything inside it is selected, and
    then summarizes all its steps.
    """
    containers = container_ids(steps)
    if block_id and block_id not in containers:
        return [_step_row(step, len(step.loops)) for step in selected]
    passed = {id(step) for step in selected}
    groups: dict[_Key, list[StepSummary]] = {}
    for number, step in enumerate(in_execution_order(steps)):
        key = _key(step, number, block_id, containers)
        if key is not None:
            groups.setdefault(key, []).append(step)
    return [
        _step_row(members[0], len(prefix))
        if container is None
        else _loop_row(container, members, len(prefix), containers)
        for (prefix, container, _), members in groups.items()
        if any(id(step) in passed for step in members)
    ]


def _key(step: StepSummary, number: int, opened: str, containers: frozenset[str]) -> _Key | None:
    """Return the row that `step` belongs to, None where it is outside the opened container."""
    own = owner(step, containers)
    around = positions_around(step, own)
    depth = 0
    if opened:
        inside = [at for at, position in enumerate(around) if position.container_id == opened]
        if not inside:
            return None
        depth = inside[0] + 1
    prefix = tuple((p.container_id, iteration_number(p)) for p in around[:depth])
    if len(around) > depth:
        return prefix, around[depth].container_id, 0
    return (prefix, own, 0) if own is not None else (prefix, None, number)


def _iterations(step: StepSummary, depth: int) -> tuple[int | None, ...]:
    return tuple(iteration_number(position) for position in step.loops[:depth])


def _step_row(step: StepSummary, depth: int) -> StepOrLoop:
    return StepOrLoop(
        block_id=step.block_id,
        step_id=step.step_id,
        type=step.type,
        label=step.label,
        status=step.status,
        started_at=step.started_at,
        duration_ms=step.elapsed_ms,
        message=row_message(step),
        reason=clip(step.reason, MESSAGE_TOKENS) if step.reason else None,
        retries=step.retry_count,
        iteration=_iterations(step, depth),
        artifact=step.artifact,
    )


def _loop_row(
    container: str, members: list[StepSummary], depth: int, containers: frozenset[str]
) -> StepOrLoop:
    """Return one row for the container's own step, its sentinels and all that ran inside."""
    own = next((step for step in members if step.block_id == container), None)
    inside = [step for step in members if len(step.loops) > depth]
    loop = summarize_loop(inside, depth, containers)
    started = [step.started_at for step in members if step.started_at is not None]
    completed = [step.completed_at for step in members if step.completed_at is not None]
    first = min(started, default=None)
    row = _step_row(own, depth) if own is not None else None
    duration = row.duration_ms if row is not None else None
    if duration is None and all(step.completed_at for step in members if step.started_at):
        duration = elapsed_ms(first, max(completed, default=None))
    return StepOrLoop(
        block_id=container,
        step_id=own.step_id if own is not None else None,
        type=own.type if own is not None else _type_from_sentinels(members),
        label=own.label if own is not None else None,
        status=own.status if own is not None else _status(members),
        started_at=first,
        duration_ms=duration,
        message=row.message if row is not None else None,
        reason=row.reason if row is not None else None,
        retries=own.retry_count if own is not None else 0,
        iteration=_iterations(members[0], depth),
        artifact=own.artifact if own is not None else None,
        loop=loop,
    )


def _type_from_sentinels(members: list[StepSummary]) -> str | None:
    for step in members:
        if is_sentinel(step) and step.type is not None:
            return step.type.partition("_sentinel_")[0]
    return None


def _status(members: list[StepSummary]) -> str:
    found = {step.status for step in members}
    return next((status for status in _WORST_FIRST if status in found), members[0].status)
