"""Pair the iterations of a loop in two runs."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import eq

from retab_mcp.analysis.compare.array_alignment import Aligned, align_keys


@dataclass(slots=True)
class Iteration:
    """What identifies an iteration.

    `first` is the input of its first step (usually the item), None where it had none; `all` are
    the inputs, outputs and statuses of all its steps.
    """

    first: Hashable = None
    all: list[Hashable] = field(default_factory=list)


def renumbered(
    mine: Mapping[int, Iteration], theirs: Mapping[int, Iteration]
) -> dict[int, int | None]:
    """Return for each iteration of the other run its counterpart in the first run.

    None means that only the other run has it. Iterations with equal inputs (or, where inputs do not
    identify them, equal in all they did) are paired in any order, and those between them in order.
    Where that pairs no more of them than their numbers do, and both runs have the same number of
    iterations, they are paired by number.
    """
    numbers, other_numbers = sorted(mine), sorted(theirs)
    keys, other_keys = _keys([mine[n] for n in numbers], [theirs[n] for n in other_numbers])
    pairs = align_keys(keys, other_keys)
    if numbers == other_numbers:
        by_number = sum(map(eq, keys, other_keys))
        if by_number >= sum(_are_equal(keys, other_keys, pair) for pair in pairs):
            return {number: number for number in other_numbers}
    return {other_numbers[j]: None if i is None else numbers[i] for i, j in pairs if j is not None}


def _are_equal(keys: Sequence[Hashable], others: Sequence[Hashable], pair: Aligned) -> bool:
    i, j = pair
    return i is not None and j is not None and keys[i] == others[j]


def _keys(
    mine: Sequence[Iteration], theirs: Sequence[Iteration]
) -> tuple[list[Hashable], list[Hashable]]:
    """Return a key for each iteration: its first input where that is unique, else everything."""
    firsts = [each.first for each in mine], [each.first for each in theirs]
    if all(_tell_apart(each) for each in firsts):
        return firsts
    return [_whole(each) for each in mine], [_whole(each) for each in theirs]


def _tell_apart(keys: Iterable[Hashable]) -> bool:
    found = list(keys)
    return None not in found and len(set(found)) == len(found)


def _whole(iteration: Iteration) -> Hashable:
    return frozenset(iteration.all)
