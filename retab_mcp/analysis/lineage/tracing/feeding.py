"""The steps whose outputs fed a step's inputs, by the executed graph and by iterations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retab_mcp.analysis.loops.loop_containers import (
    CONTAINER_TYPES,
    SENTINEL_TYPES,
    iteration_number,
)
from retab_mcp.models import Block, Graph, Status, StepSummary

# Steps with these outcomes have outputs that others can have used.
_PRODUCED = frozenset({Status.COMPLETED, Status.AWAITING_REVIEW})


@dataclass(frozen=True)
class Feed:
    """An output handle of a step; `handle` is None where the graph does not name it."""

    step: StepSummary
    handle: str | None


class Feeding:
    """Finds the steps around a step in one run; `graph` is None where it is unknown."""

    def __init__(self, steps: Sequence[StepSummary], graph: Graph | None) -> None:
        self.steps = steps
        graph = graph or Graph()
        self._blocks: dict[str, Block] = {block.id: block for block in graph.blocks}
        self._edges = graph.edges
        self._by_block: dict[str, list[StepSummary]] = {}
        for step in steps:
            self._by_block.setdefault(step.block_id, []).append(step)

    def block(self, step: StepSummary) -> Block | None:
        """Return the block of a step, None where it is unknown."""
        return self._blocks.get(step.block_id)

    def knows_inputs(self, step: StepSummary) -> bool:
        """Return whether the graph has edges into the block of `step`."""
        return any(edge.target == step.block_id for edge in self._edges)

    def handles_into(self, step: StepSummary) -> list[str]:
        """Return the input handles of a step that edges lead to."""
        into = (edge for edge in self._edges if edge.target == step.block_id)
        return list(dict.fromkeys(edge.target_handle or "" for edge in into))

    def feeds(self, step: StepSummary, handle: str) -> list[Feed]:
        """Return the outputs that edges lead to a handle of `step`, the latest first.

        Of a block that ran several times, it is the step in the same iterations. Steps that did
        not complete are left out: of several branches into one handle, one ran.
        """
        parent = self.container_block(step)
        found = []
        for edge in self._edges:
            if edge.target != step.block_id or edge.target_handle not in (handle, None):
                continue
            if edge.source == parent:
                continue
            source = self._nearest(self._by_block.get(edge.source, ()), step)
            if source is not None:
                found.append(Feed(source, edge.source_handle))
        return sorted(found, key=lambda feed: _ended(feed.step), reverse=True)

    def before(self, step: StepSummary) -> Iterator[StepSummary]:
        """Yield the steps that can have fed `step`, the latest first, where no edge is known."""
        ended = [
            each
            for each in self.steps
            if each.status in _PRODUCED
            and each.step_id != step.step_id
            and _shares_iterations(each, step)
            and not (each.completed_at and step.started_at and each.completed_at > step.started_at)
        ]
        yield from sorted(ended, key=_ended, reverse=True)

    def container_block(self, step: StepSummary) -> str | None:
        """Return the block id of the loop container around a step, None outside loops."""
        block = self._blocks.get(step.block_id)
        if block is not None and block.parent_id is not None:
            return block.parent_id
        return step.loops[-1].container_id if step.loops else None

    def container(self, step: StepSummary) -> StepSummary | None:
        """Return the step of the loop container around `step`, in the same outer iterations."""
        block_id = self.container_block(step)
        depth = next(
            (at for at, loop in enumerate(step.loops) if loop.container_id == block_id), None
        )
        if block_id is None or depth is None:
            return None
        outer = [(loop.container_id, iteration_number(loop)) for loop in step.loops[:depth]]
        for each in self._by_block.get(block_id, ()):
            if [(loop.container_id, iteration_number(loop)) for loop in each.loops] == outer:
                return each
        return None

    def iteration(self, step: StepSummary) -> int | None:
        """Return the iteration of `step` in its innermost known container, from 0."""
        block_id = self.container_block(step)
        for loop in step.loops:
            if loop.container_id == block_id:
                return iteration_number(loop)
        return None

    def results(self, container: StepSummary, iteration: int | None = None) -> list[StepSummary]:
        """Return the steps of one iteration that end it, the latest first.

        Without `iteration`, it is the last one. They are the steps of blocks that feed nothing
        else in the loop, then the others.
        """
        inside = [
            each
            for each in self.steps
            if each.status in _PRODUCED and self._is_inside(each, container)
        ]
        if iteration is None:
            numbers = [self._number(each, container) for each in inside]
            iteration = max((number for number in numbers if number is not None), default=None)
        chosen = [each for each in inside if self._number(each, container) == iteration]
        return sorted(chosen, key=lambda each: (self._ends(each), _ended(each)), reverse=True)

    def completed_iteration(self, container: StepSummary, place: int) -> int | None:
        """Return the number of the iteration that completed as the `place`-th, from 0."""
        numbers = sorted(
            {
                number
                for each in self.steps
                if self._is_inside(each, container)
                and (number := self._number(each, container)) is not None
            }
        )
        failed = {
            self._number(each, container)
            for each in self.steps
            if each.status == Status.ERROR and self._is_inside(each, container)
        }
        done = [number for number in numbers if number not in failed]
        return done[place] if place < len(done) else None

    def _ends(self, step: StepSummary) -> bool:
        parent = self.container_block(step)
        return step.type not in SENTINEL_TYPES and not any(
            edge.source == step.block_id
            and edge.target != parent
            and not self._is_end_sentinel(edge.target)
            for edge in self._edges
        )

    def _is_end_sentinel(self, block_id: str) -> bool:
        block = self._blocks.get(block_id)
        return block is not None and (block.type or "").endswith("sentinel_end")

    def _is_inside(self, step: StepSummary, container: StepSummary) -> bool:
        depth = len(container.loops)
        return (
            len(step.loops) == depth + 1
            and step.loops[depth].container_id == container.block_id
            and _shares_iterations(step, container)
        )

    def _number(self, step: StepSummary, container: StepSummary) -> int | None:
        return iteration_number(step.loops[len(container.loops)])

    def _nearest(self, steps: Sequence[StepSummary], step: StepSummary) -> StepSummary | None:
        fitting = [
            each for each in steps if each.status in _PRODUCED and _shares_iterations(each, step)
        ]
        if not fitting:
            return None
        return max(fitting, key=lambda each: (len(each.loops), _ended(each)))


def is_container(step: StepSummary) -> bool:
    """Return whether a step is that of a loop container."""
    return step.type in CONTAINER_TYPES


def _shares_iterations(step: StepSummary, other: StepSummary) -> bool:
    """Return whether both ran in the same iteration of every loop that they share."""
    if not step.loops:
        return True
    numbers = {loop.container_id: iteration_number(loop) for loop in other.loops}
    return all(
        numbers.get(loop.container_id, iteration_number(loop)) == iteration_number(loop)
        for loop in step.loops
    )


def _ended(step: StepSummary) -> float:
    moment = step.completed_at or step.started_at
    return moment.timestamp() if moment is not None else 0.0
