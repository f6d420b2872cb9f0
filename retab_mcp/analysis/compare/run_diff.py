"""Differences between two runs of a workflow, step by step, worst first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from retab_mcp.analysis.compare.path_changes import MAX_PATHS, PathChange
from retab_mcp.analysis.compare.step_pairs import StepPair
from retab_mcp.analysis.loops.loop_containers import container_ids
from retab_mcp.analysis.message_folding import fold_message
from retab_mcp.analysis.time_account.block_durations import BlockDuration, block_durations
from retab_mcp.models import Review, Status, StepSummary

DifferenceKind = Literal["status", "message", "only_in_a", "only_in_b", "output"]

# Rank of a step that only the other run has, after the step it follows: steps of the first run
# have whole ranks.
BEHIND = 1e-6

# Block types that pass the inputs of the run on start with this word.
_START = "start"

_NEVER = datetime.max.replace(tzinfo=UTC)

# Statuses that stop or delay a run.
_BAD = frozenset({Status.ERROR, Status.CANCELLED, Status.AWAITING_REVIEW})


@dataclass(slots=True)
class Difference:
    """Steps of one block that differ in the same way, `count` of them.

    `kind`: `status` (they ended differently), `message` (both failed, with different messages),
    `only_in_a` (the first run), `only_in_b`, `output`. `step` and `other` are the first
    pair. `same_inputs` counts pairs with identical inputs, which differ because of the step itself.
    `changes` are of outputs; `unread` counts outputs that differ and were not compared by path.
    """

    kind: DifferenceKind
    block_id: str
    rank: float
    step: StepSummary | None
    other: StepSummary | None
    count: int = 0
    same_inputs: int = 0
    unread: int = 0
    changes: dict[tuple[str, tuple[str, ...]], PathChange] = field(default_factory=dict)

    @property
    def example(self) -> StepSummary:
        """The step of the first run, else that of the other run."""
        return _either(self.step, self.other)

    @property
    def severity(self) -> int:
        """The severity; 0 is the worst."""
        if self.kind == "output":
            if self.changes and all(each.is_minor for each in self.changes.values()):
                return 6
            return 4 if self.same_inputs else 5
        if self.kind == "status":
            statuses = {step.status for step in (self.step, self.other) if step is not None}
            return 0 if statuses & _BAD else 3
        return 1 if self.kind == "message" else 2


@dataclass(frozen=True, slots=True)
class ModelChange:
    """A block that used different models in the two runs."""

    block_id: str
    model: str | None
    other: str | None
    count: int


@dataclass(frozen=True, slots=True)
class RunDiff:
    """The differences between two runs, worst first.

    `first` is the earliest difference in the order of execution, `first_with_same_inputs` the
    earliest with identical inputs and a different outcome. `models_known` is False if the steps
    name no models. `compared` counts the steps that both
    runs have, `same` those without a difference.
    """

    compared: int
    same: int
    differences: tuple[Difference, ...]
    first: Difference | None
    first_with_same_inputs: Difference | None
    models: tuple[ModelChange, ...]
    models_known: bool
    durations: tuple[BlockDuration, ...]


def diff_runs(
    pairs: Sequence[StepPair],
    *,
    block_id: str = "",
    reviews: tuple[Sequence[Review], Sequence[Review]] = ((), ()),
    inputs_differ: bool = False,
) -> RunDiff:
    """Return the differences between two runs from their paired steps.

    Steps of a block that differ in the same way are one difference. With `block_id`, only the
    steps of that block, or inside that loop, are compared, each as its own difference. `reviews`
    are those of both runs: waiting for them does not count as a block's duration. With
    `inputs_differ`, outputs of start blocks are no differences: they repeat the runs' inputs.
    """
    ranks = _ranks(pairs)
    wanted = [pair for pair in pairs if not block_id or _is_of(pair, block_id)]
    groups: dict[tuple[object, ...], Difference] = {}
    single: list[Difference] = []
    for number, pair in enumerate(wanted):
        kind = _kind(pair)
        if kind is None:
            continue
        rank = ranks[id(pair)]
        step = _either(pair.step, pair.other)
        found = Difference(kind, step.block_id, rank, pair.step, pair.other)
        _count(found, pair)
        single.append(found)
        if inputs_differ and kind == "output" and (step.type or "").startswith(_START):
            continue
        key = (number,) if block_id else (step.block_id, kind, *_statuses(pair))
        group = replace(found, changes=dict(found.changes))
        groups[key] = _merged(groups[key], group) if key in groups else group
    both = [pair for pair in wanted if pair.step is not None and pair.other is not None]
    ordered = sorted(groups.values(), key=lambda each: (each.severity, each.rank))
    unexplained = [each for each in single if each.same_inputs]
    return RunDiff(
        compared=len(both),
        same=len(both) - sum(1 for each in single if each.step and each.other),
        differences=tuple(ordered),
        first=min(single, key=lambda each: each.rank, default=None),
        first_with_same_inputs=min(unexplained, key=lambda each: each.rank, default=None),
        models=_models(both),
        models_known=any(pair.step and pair.step.model for pair in both),
        durations=block_durations(
            [(pair.step, pair.other) for pair in both if pair.step and pair.other], *reviews
        ),
    )


def _is_of(pair: StepPair, block_id: str) -> bool:
    step = _either(pair.step, pair.other)
    around = [position.container_id for position in step.loops]
    return block_id in (step.block_id, *around)


def _kind(pair: StepPair) -> DifferenceKind | None:
    if pair.step is None:
        return "only_in_b"
    if pair.other is None:
        return "only_in_a"
    if pair.step.status != pair.other.status:
        return "status"
    if _message(pair.step) != _message(pair.other):
        return "message"
    return "output" if pair.outputs_differ else None


def _message(step: StepSummary) -> str:
    return fold_message(step.failure.message) if step.failure is not None else ""


def _either(step: StepSummary | None, other: StepSummary | None) -> StepSummary:
    found = step or other
    assert found is not None
    return found


def _statuses(pair: StepPair) -> tuple[str | None, str | None]:
    step, other = pair.step, pair.other
    return (None if step is None else step.status, None if other is None else other.status)


def _count(found: Difference, pair: StepPair) -> None:
    found.count = 1
    found.same_inputs = int(pair.same_inputs is True)
    if found.kind == "output":
        found.unread = int(not pair.changes)
        found.changes = {
            (each.change.kind, each.change.folded): replace(each, step=pair.step)
            for each in pair.changes
        }


def _merged(group: Difference, found: Difference) -> Difference:
    """Return both as one difference that shows the earlier of them."""
    first, later = (group, found) if group.rank <= found.rank else (found, group)
    first.count += later.count
    first.same_inputs += later.same_inputs
    first.unread += later.unread
    for key, change in later.changes.items():
        known = first.changes.get(key)
        if known is not None:
            first.changes[key] = known.merged(change)
        elif len(first.changes) < MAX_PATHS:
            first.changes[key] = change
    return first


def _ranks(pairs: Iterable[StepPair]) -> dict[int, float]:
    """Return the rank of each pair in the order of execution, by its id.

    It is the rank of its step in the first run, with a loop after the steps inside it. A step that
    only the other run has comes after the step that precedes it there.
    """
    pairs = list(pairs)
    mine = {id(pair.step): pair for pair in pairs if pair.step is not None}
    theirs = {id(pair.other): pair for pair in pairs if pair.other is not None}
    steps = _by_outcome([pair.step for pair in pairs if pair.step is not None])
    others = _by_outcome([pair.other for pair in pairs if pair.other is not None])
    ranks: dict[int, float] = {id(mine[id(step)]): float(n) for n, step in enumerate(steps)}
    before = -1.0
    for step in others:
        before = ranks.setdefault(id(theirs[id(step)]), before + BEHIND)
    return ranks


def _by_outcome(steps: list[StepSummary]) -> list[StepSummary]:
    """Return steps by start, loops by end: their outputs come from the steps inside."""
    containers = container_ids(steps)

    def moment(step: StepSummary) -> datetime:
        ended = step.completed_at if step.block_id in containers else None
        return ended or step.started_at or _NEVER

    return sorted(steps, key=moment)


def _models(pairs: Iterable[StepPair]) -> tuple[ModelChange, ...]:
    counts: Counter[tuple[str, str | None, str | None]] = Counter()
    for pair in pairs:
        if pair.step and pair.other and pair.step.model != pair.other.model:
            counts[pair.step.block_id, pair.step.model, pair.other.model] += 1
    return tuple(ModelChange(*key, count) for key, count in counts.most_common())
