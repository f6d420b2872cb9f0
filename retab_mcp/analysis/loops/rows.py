"""Steps as rows in execution order, each loop collapsed to one row in one place."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from retab_mcp.analysis.loops.containers import (
    container_ids,
    is_sentinel,
    iteration_number,
    owner,
    positions_around,
)
from retab_mcp.analysis.message_folding import fold_message
from retab_mcp.digest.text import clip
from retab_mcp.models import ArtifactRef, Status, StepSummary
from retab_mcp.models.base import elapsed_ms

# Failing iterations named in a row: enough to pick an example, the count tells the rest.
MAX_FAILING = 5
# Kinds of failure told apart in a row.
MAX_FAILURE_GROUPS = 5
# Tokens of an error message in a row: get_step has the whole of it.
MESSAGE_TOKENS = 60

# What a loop without a step of its own counts as: the first of these that occurs inside.
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
# An iteration with one of these has no duration yet.
_UNFINISHED = frozenset({Status.RUNNING, Status.AWAITING_REVIEW})
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FailedIteration:
    """The first failing step of one iteration (counted from 0; None when unknown)."""

    iteration: int | None
    step_id: str
    block_id: str
    message: str


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Failing steps whose message is the same but for ids and numbers; `message` is the first."""

    message: str
    block_id: str
    count: int


@dataclass(frozen=True, slots=True)
class Loop:
    """What happened inside a loop.

    `step_counts` tallies the steps inside by status, nested ones and sentinels included. `failing`
    names at most MAX_FAILING of the `failing_count` iterations with a failing step, lowest first;
    `failures` groups all failing steps, largest first, at most MAX_FAILURE_GROUPS of
    `failure_kinds`. Durations are of iterations.
    """

    iterations: int
    step_counts: dict[str, int]
    failing: tuple[FailedIteration, ...]
    failing_count: int
    failures: tuple[FailureGroup, ...]
    failure_kinds: int
    median_ms: int | None
    slowest_iteration: int | None
    slowest_ms: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A step, or a whole loop (`loop` is set then).

    `iteration` is the position in the loops that were opened, outermost first. `step_id` is None
    for a loop that has no step of its own.
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
    loop: Loop | None = None


def in_execution_order(steps: Sequence[StepSummary]) -> list[StepSummary]:
    """Return `steps` by start time; those that never started come last, in the order given."""
    return sorted(steps, key=lambda step: step.started_at or _NEVER)


def tally(steps: Sequence[StepSummary]) -> dict[str, int]:
    """Return how many of `steps` have each status, most frequent first."""
    return dict(Counter(step.status for step in steps).most_common())


def select(
    steps: Sequence[StepSummary],
    block_id: str = "",
    statuses: Collection[str] = (),
    types: Collection[str] = (),
) -> list[StepSummary]:
    """Return the steps that match, in execution order; an empty filter lets all pass.

    `statuses` and `types` are in lower case: words of the vendor's that are not known yet may come
    in any. `block_id` of a container selects the steps inside it; of another block, its steps.
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


# The opened iterations around a row, the container it stands for (None: a step), and which step.
_Key = tuple[tuple[tuple[str, int | None], ...], str | None, int]


def rows(
    steps: Sequence[StepSummary],
    block_id: str = "",
    statuses: Collection[str] = (),
    types: Collection[str] = (),
) -> list[Row]:
    """Return `steps` as rows in execution order, loops collapsed.

    A loop is one row where its first step stands, its own step and sentinels merged into it.
    `block_id` of a container opens it: a row a step directly inside, nested loops collapsed per
    iteration; of another block, a row a step of it. A loop shows when anything inside passes the
    filters, and then tells of all its steps.
    """
    shown = select(steps, block_id, statuses, types)
    containers = container_ids(steps)
    if block_id and block_id not in containers:
        return [_step_row(step, len(step.loops)) for step in shown]
    passed = {id(step) for step in shown}
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
    """Which row `step` goes to; None when it is outside of the opened container."""
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


def _step_row(step: StepSummary, depth: int) -> Row:
    return Row(
        block_id=step.block_id,
        step_id=step.step_id,
        type=step.type,
        label=step.label,
        status=step.status,
        started_at=step.started_at,
        duration_ms=step.elapsed_ms,
        message=_message(step),
        reason=clip(step.reason, MESSAGE_TOKENS) if step.reason else None,
        retries=step.retry_count,
        iteration=_iterations(step, depth),
        artifact=step.artifact,
    )


def _message(step: StepSummary) -> str | None:
    if step.failure is None:
        return None
    return clip(step.failure.message, MESSAGE_TOKENS)


def _loop_row(
    container: str, members: list[StepSummary], depth: int, containers: frozenset[str]
) -> Row:
    """One row for `members`: the container's own step and sentinels, and all that ran inside."""
    own = next((step for step in members if step.block_id == container), None)
    inside = [step for step in members if len(step.loops) > depth]
    loop = _loop(inside, depth, containers)
    started = [step.started_at for step in members if step.started_at is not None]
    completed = [step.completed_at for step in members if step.completed_at is not None]
    first = min(started, default=None)
    row = _step_row(own, depth) if own is not None else None
    duration = row.duration_ms if row is not None else None
    if duration is None and all(step.completed_at for step in members if step.started_at):
        duration = elapsed_ms(first, max(completed, default=None))
    return Row(
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


def _loop(inside: list[StepSummary], depth: int, containers: frozenset[str]) -> Loop:
    iterations: dict[int | None, list[StepSummary]] = {}
    for step in inside:
        iterations.setdefault(iteration_number(step.loops[depth]), []).append(step)
    failures = {number: _failures(ran, containers) for number, ran in iterations.items()}
    failing = [
        FailedIteration(number, failed[0].step_id, failed[0].block_id, _message(failed[0]) or "")
        for number, failed in failures.items()
        if failed
    ]
    failing.sort(key=lambda each: -1 if each.iteration is None else each.iteration)
    groups = _failure_groups([step for failed in failures.values() for step in failed])
    durations = {
        number: duration
        for number, ran in iterations.items()
        if (duration := _duration(ran)) is not None
    }
    slowest = max(durations, key=lambda number: durations[number], default=None)
    # A sentinel may run once more than the body, to find that the loop is over.
    begun = [ran for ran in iterations.values() if not all(map(is_sentinel, ran))]
    return Loop(
        iterations=len(begun or iterations),
        step_counts=tally(inside),
        failing=tuple(failing[:MAX_FAILING]),
        failing_count=len(failing),
        failures=tuple(groups[:MAX_FAILURE_GROUPS]),
        failure_kinds=len(groups),
        median_ms=round(median(durations.values())) if durations else None,
        slowest_iteration=slowest,
        slowest_ms=durations[slowest] if durations else None,
    )


def _failures(ran: list[StepSummary], containers: frozenset[str]) -> list[StepSummary]:
    """The failed steps of one iteration, without loops that failed because of one of them."""
    failed = [step for step in ran if step.status == Status.ERROR]
    around = {position.container_id for step in failed for position in step.loops}
    return [
        step for step in failed if step.block_id not in containers or step.block_id not in around
    ]


def _failure_groups(failed: list[StepSummary]) -> list[FailureGroup]:
    first: dict[tuple[str, str], StepSummary] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for step in failed:
        key = (step.block_id, _folded(step))
        first.setdefault(key, step)
        counts[key] += 1
    return [
        FailureGroup(_message(first[key]) or "", key[0], count)
        for key, count in counts.most_common()
    ]


def _folded(step: StepSummary) -> str:
    return fold_message(step.failure.message) if step.failure is not None else ""


def _duration(ran: list[StepSummary]) -> int | None:
    """Milliseconds of one iteration: from its first start to its last end, else the sum."""
    if any(step.status in _UNFINISHED for step in ran):
        return None
    started = [step.started_at for step in ran if step.started_at is not None]
    completed = [step.completed_at for step in ran if step.completed_at is not None]
    span = elapsed_ms(min(started, default=None), max(completed, default=None))
    if span is not None:
        return span
    sums = [step.duration_ms for step in ran if step.duration_ms is not None]
    return sum(sums) if sums else None
