"""What happened inside a loop: iterations, failures, durations."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from retab_mcp.analysis.loops.loop_containers import is_sentinel, iteration_number
from retab_mcp.analysis.loops.step_order import count_by_status
from retab_mcp.analysis.message_folding import fold_message
from retab_mcp.digest.text import clip
from retab_mcp.models import Status, StepSummary
from retab_mcp.models.base import elapsed_ms

# Maximum failed iterations listed: enough to pick an example, next to the count of all.
MAX_FAILING = 5
# Maximum groups of failures shown.
MAX_FAILURE_GROUPS = 5
# Tokens of an error message in a row: get_step has all of it.
MESSAGE_TOKENS = 60

# Statuses of unfinished steps, whose iteration has no duration yet.
_UNFINISHED = frozenset({Status.RUNNING, Status.AWAITING_REVIEW})


@dataclass(frozen=True, slots=True)
class FailedIteration:
    """The first failed step of one iteration (counted from 0; None where unknown)."""

    iteration: int | None
    step_id: str
    block_id: str
    message: str


@dataclass(frozen=True, slots=True)
class FailuresInLoop:
    """Failed steps of a block whose messages differ only in ids and numbers; shows the first."""

    message: str
    block_id: str
    count: int


@dataclass(frozen=True, slots=True)
class LoopSummary:
    """What happened inside a loop.

    `step_counts` counts the steps inside by status, with nested ones and sentinels. `failing` are
    at most MAX_FAILING of the `failing_count` iterations with a failed step, lowest first.
    `failures` groups all failed steps, largest group first, at most MAX_FAILURE_GROUPS of
    `failure_kinds`. Durations are of iterations.
    """

    iterations: int
    step_counts: dict[str, int]
    failing: tuple[FailedIteration, ...]
    failing_count: int
    failures: tuple[FailuresInLoop, ...]
    failure_kinds: int
    median_ms: int | None
    slowest_iteration: int | None
    slowest_ms: int | None


def summarize_loop(
    inside: Sequence[StepSummary], depth: int, containers: frozenset[str]
) -> LoopSummary:
    """Return what happened in a loop with the steps `inside`.

    `depth` is the number of loops around it, `containers` are the ids of all loops of the run.
    """
    iterations: dict[int | None, list[StepSummary]] = {}
    for step in inside:
        iterations.setdefault(iteration_number(step.loops[depth]), []).append(step)
    failures = {number: _failures(ran, containers) for number, ran in iterations.items()}
    failing = [
        FailedIteration(number, failed[0].step_id, failed[0].block_id, row_message(failed[0]) or "")
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
    # A sentinel can run one iteration more than the body, to find that the loop has ended.
    started = [ran for ran in iterations.values() if not all(map(is_sentinel, ran))]
    return LoopSummary(
        iterations=len(started or iterations),
        step_counts=count_by_status(inside),
        failing=tuple(failing[:MAX_FAILING]),
        failing_count=len(failing),
        failures=tuple(groups[:MAX_FAILURE_GROUPS]),
        failure_kinds=len(groups),
        median_ms=round(median(durations.values())) if durations else None,
        slowest_iteration=slowest,
        slowest_ms=durations[slowest] if durations else None,
    )


def row_message(step: StepSummary) -> str | None:
    """Return the step's error in at most MESSAGE_TOKENS tokens, None where it has none."""
    if step.failure is None:
        return None
    return clip(step.failure.message, MESSAGE_TOKENS)


def _failures(ran: list[StepSummary], containers: frozenset[str]) -> list[StepSummary]:
    """Return the failed steps of one iteration, without loops that failed by one of them."""
    failed = [step for step in ran if step.status == Status.ERROR]
    around = {position.container_id for step in failed for position in step.loops}
    return [
        step for step in failed if step.block_id not in containers or step.block_id not in around
    ]


def _failure_groups(failed: list[StepSummary]) -> list[FailuresInLoop]:
    first: dict[tuple[str, str], StepSummary] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for step in failed:
        key = (step.block_id, _folded(step))
        first.setdefault(key, step)
        counts[key] += 1
    return [
        FailuresInLoop(row_message(first[key]) or "", key[0], count)
        for key, count in counts.most_common()
    ]


def _folded(step: StepSummary) -> str:
    return fold_message(step.failure.message) if step.failure is not None else ""


def _duration(ran: list[StepSummary]) -> int | None:
    """Return the milliseconds of one iteration: first start to last end, else the sum."""
    if any(step.status in _UNFINISHED for step in ran):
        return None
    started = [step.started_at for step in ran if step.started_at is not None]
    completed = [step.completed_at for step in ran if step.completed_at is not None]
    span = elapsed_ms(min(started, default=None), max(completed, default=None))
    if span is not None:
        return span
    sums = [step.duration_ms for step in ran if step.duration_ms is not None]
    return sum(sums) if sums else None
