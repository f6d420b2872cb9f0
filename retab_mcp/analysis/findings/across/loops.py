"""Rules about loops: items that did not run, or are missing in the output."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.across.step_values import json_handles
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.lineage.dependencies import starts_before
from retab_mcp.analysis.loops.loop_containers import (
    CONTAINER_TYPES,
    is_sentinel,
    iteration_number,
    owner,
    positions_around,
)
from retab_mcp.analysis.loops.step_order import in_execution_order
from retab_mcp.analysis.payloads.item_lists import given_items, lists_in
from retab_mcp.analysis.payloads.unit_words import name_words
from retab_mcp.models import FindingKind, Graph, Json, LoopPosition, Operation, Status, StepSummary

# Iterations named in a sentence; the others are counted.
MAX_NUMBERS = 5
# Words in the keys of a loop's configuration that limit its iterations.
_LIMITS = frozenset({"max", "limit", "maximum", "first", "top", "count"})


@dataclass(frozen=True, slots=True)
class LoopRun:
    """A loop that ran: its own step, and the steps inside by iteration (from 0)."""

    step: StepSummary
    iterations: dict[int, list[StepSummary]]

    @property
    def failed(self) -> list[int]:
        """The iterations in which a step failed, in order."""
        return sorted(
            number
            for number, ran in self.iterations.items()
            if any(step.status == Status.ERROR for step in ran)
        )

    @property
    def branched(self) -> bool:
        """True if a step inside decides or was skipped, so that iterations may have no result."""
        return any(
            step.status == Status.SKIPPED or step.type == "conditional"
            for ran in self.iterations.values()
            for step in ran
        )


def loop_runs(steps: Sequence[StepSummary]) -> Iterator[LoopRun]:
    """Yield the runs of loops, without those with steps whose iteration is unknown."""
    inside: dict[tuple[object, ...], list[StepSummary]] = {}
    for step in steps:
        for depth in range(len(step.loops)):
            inside.setdefault(
                _place(step.loops[:depth], step.loops[depth].container_id), []
            ).append(step)
    for step in steps:
        if step.type not in CONTAINER_TYPES:
            continue
        around = positions_around(step, owner(step, frozenset({step.block_id})))
        iterations: dict[int, list[StepSummary]] = {}
        for each in inside.get(_place(around, step.block_id), ()):
            number = iteration_number(each.loops[len(around)])
            if number is None:
                break
            iterations.setdefault(number, []).append(each)
        else:
            last = max(iterations, default=-1)
            # A sentinel can run one iteration more than the body, to find that the loop has ended.
            if last > 0 and all(map(is_sentinel, iterations[last])):
                del iterations[last]
            yield LoopRun(step, iterations)


def items_given(loop: LoopRun, facts: RunFacts) -> int | None:
    """Return how many items a for_each was given, None where it is not known."""
    if loop.step.type != "for_each":
        return None
    artifact = facts.artifacts.get(loop.step.step_id)
    if artifact is not None and artifact.operation == Operation.PARTITION:
        parts = artifact.data.get("output")
        return len(parts) if isinstance(parts, list) else None
    items = _items(loop, facts)
    return len(items) if items is not None else None


def _items(loop: LoopRun, facts: RunFacts) -> list[Json] | None:
    """Return the items that a loop got: by its own inputs, else by what ran before it."""
    examples = _examples(loop, facts)
    payload = facts.payloads.get(loop.step.step_id)
    inputs = json_handles(payload.handle_inputs, "handle_inputs") if payload else ()
    items = given_items([value for value, _ in inputs], examples)
    if items is not None or not examples or inputs:
        return items
    made = [
        value
        for step in facts.steps
        if step.step_id in facts.payloads and step.loops == loop.step.loops
        if step is not loop.step and not starts_before(loop.step, step)
        for value, _ in json_handles(facts.payloads[step.step_id].handle_outputs, "handle_outputs")
    ]
    return given_items(made, examples)


def find_incomplete_loops(facts: RunFacts) -> Iterator[Finding]:
    """Yield a finding for each completed loop without some of its items."""
    if not facts.complete:
        return
    for loop in loop_runs(facts.steps):
        if loop.step.status != Status.COMPLETED:
            continue
        message = (
            _not_run(loop, facts)
            or _gap(loop)
            or _went_without(loop, facts)
            or _one_left(loop, facts)
            or _left_out(loop, facts)
        )
        if message is not None:
            yield Finding(FindingKind.LOOP_INCOMPLETE, message, "iterations").about(loop.step)


def _not_run(loop: LoopRun, facts: RunFacts) -> str | None:
    """Say that a loop ran fewer items than it was given."""
    given, ran = items_given(loop, facts), len(loop.iterations)
    if given is None or ran >= given or (ran == 0 and not _has_body(loop, facts)):
        return None
    message = f"only {ran} of {given} items ran"
    missing = [number for number in range(given) if number not in loop.iterations]
    if missing[0] < max(loop.iterations, default=-1):
        message += f", without {_numbers(missing)}"
    limit = _configured(loop.step, facts.graph, ran)
    return f"{message}: the block's {limit} is {ran}" if limit else message


def _has_body(loop: LoopRun, facts: RunFacts) -> bool:
    """Return whether the loop has anything to run: its list of steps may just be left out."""
    if facts.graph is None:
        return True
    if any(block.parent_id == loop.step.block_id for block in facts.graph.blocks):
        return True
    return [] in lists_in(_outputs(loop, facts))


def _configured(step: StepSummary, graph: Graph | None, ran: int) -> str | None:
    """Return the key of the block's configuration that limits a loop to `ran` iterations."""
    for block in graph.blocks if graph else ():
        if block.id == step.block_id:
            for key, value in block.config.items():
                if value == ran and not isinstance(value, bool) and name_words(key) & _LIMITS:
                    return key
    return None


def _gap(loop: LoopRun) -> str | None:
    """Say that iterations are missing between others."""
    if not loop.iterations:
        return None
    first, last = min(loop.iterations), max(loop.iterations)
    missing = [number for number in range(first, last) if number not in loop.iterations]
    if not missing:
        return None
    return f"{len(loop.iterations)} iterations ran up to {last}, without {_numbers(missing)}"


def _went_without(loop: LoopRun, facts: RunFacts) -> str | None:
    """Say that a loop tolerated failures, unless its output has something for each item."""
    failed = loop.failed
    if not failed or loop.step.type != "for_each":
        return None
    total = max(len(loop.iterations), items_given(loop, facts) or 0)
    lists = lists_in(_outputs(loop, facts))
    if any(len(made) >= total and None not in made for made in lists):
        return None
    share = f"{len(failed)} of {total} items"
    return f"completed without {share}, which failed: {_numbers(failed)}"


def _one_left(loop: LoopRun, facts: RunFacts) -> str | None:
    """Say that the output of a for_each has the result of a single iteration only."""
    if loop.step.type != "for_each" or len(loop.iterations) < 2 or loop.branched:
        return None
    outputs = _outputs(loop, facts)
    results = _results(loop, facts)
    if len(outputs) != 1:
        return None
    lists = lists_in(outputs)
    whole = outputs[0] if not lists else None
    made = lists[0][0] if len(lists) == 1 and len(lists[0]) == 1 else whole
    if not isinstance(made, dict) or not made:
        return None
    numbers = [number for number, values in results if any(_same(made, value) for value in values)]
    numbers = numbers or _recognized(made, _items(loop, facts) or [])
    if len(numbers) != 1:
        return None
    total = len(loop.iterations)
    return f"the output has 1 item of {total} iterations, that of iteration {numbers[0]} (from 0)"


def _left_out(loop: LoopRun, facts: RunFacts) -> str | None:
    """Say that the output of a for_each has fewer results than iterations, all of which made one.

    It counts only if each item of the output is what an iteration made.
    """
    ran = loop.iterations
    if loop.step.type != "for_each" or loop.branched or loop.failed:
        return None
    lists = lists_in(_outputs(loop, facts))
    if len(lists) != 1 or not 1 < len(lists[0]) < len(ran):
        return None
    results = _results(loop, facts)
    made = [value for _, values in results for value in values]
    if len(results) < len(ran) or not all(any(_same(one, v) for v in made) for one in lists[0]):
        return None
    missing = [
        number
        for number, values in results
        if not any(_same(one, value) for value in values for one in lists[0])
    ]
    if len(missing) != len(ran) - len(lists[0]):
        return None
    return f"the output has {len(lists[0])} items of {len(ran)} iterations, not {_numbers(missing)}"


def _recognized(made: dict[str, Json], items: Sequence[Json]) -> list[int]:
    """Return the places of the items that share an identifying text or number with a result."""
    found: set[int] = set()
    for name, value in made.items():
        if isinstance(value, dict | list | bool | float) or value is None:
            continue
        column = [item.get(name) for item in items if isinstance(item, dict)]
        if len(column) == len(items) and column.count(value) == 1:
            found.add(column.index(value))
    return sorted(found)


def _same(made: Json, value: Json) -> bool:
    return made == value or (isinstance(value, dict) and len(value) == 1 and made in value.values())


def _examples(loop: LoopRun, facts: RunFacts) -> list[tuple[int, list[Json]]]:
    """Return the inputs of the first step of each iteration, as far as they were read.

    Later steps receive what the first one made.
    """
    found = []
    for number, ran in sorted(loop.iterations.items()):
        first = in_execution_order([step for step in ran if not is_sentinel(step)])[:1]
        values = [
            value
            for step in first
            if step.step_id in facts.payloads
            for value, _ in json_handles(
                facts.payloads[step.step_id].handle_inputs, "handle_inputs"
            )
        ]
        if values:
            found.append((number, values))
    return found


def _results(loop: LoopRun, facts: RunFacts) -> list[tuple[int, list[Json]]]:
    """Return the outputs of the steps inside that were read, with their iteration."""
    found = []
    for number, ran in sorted(loop.iterations.items()):
        values = [
            value
            for step in ran
            if step.step_id in facts.payloads and not is_sentinel(step)
            for value, _ in json_handles(
                facts.payloads[step.step_id].handle_outputs, "handle_outputs"
            )
        ]
        if values:
            found.append((number, values))
    return found


def _outputs(loop: LoopRun, facts: RunFacts) -> list[Json]:
    payload = facts.payloads.get(loop.step.step_id)
    if payload is None:
        return []
    return [value for value, _ in json_handles(payload.handle_outputs, "handle_outputs")]


def _numbers(numbers: Sequence[int]) -> str:
    """Name iterations in a sentence: "iterations 2, 5 (from 0)"."""
    noun = "iteration" if len(numbers) == 1 else "iterations"
    named = ", ".join(map(str, numbers[:MAX_NUMBERS]))
    more = len(numbers) - MAX_NUMBERS
    return f"{noun} {named}{f' and {more} more' if more > 0 else ''} (from 0)"


def _place(around: Sequence[LoopPosition], container: str) -> tuple[object, ...]:
    return (*((at.container_id, iteration_number(at)) for at in around), container)
