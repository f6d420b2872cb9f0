"""Differences between two JSON values by path; an inserted row is one change, not many."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from retab_mcp.analysis.compare.array_alignment import align
from retab_mcp.analysis.values.walk import Place, path_tokens, pointer_of
from retab_mcp.digest.hidden import holds_hidden, same_text
from retab_mcp.models import Json

ChangeKind = Literal["changed", "added", "removed", "reordered"]

CHANGED: ChangeKind = "changed"
ADDED: ChangeKind = "added"
REMOVED: ChangeKind = "removed"
REORDERED: ChangeKind = "reordered"

# Replaces array indexes in a folded path.
ANY_INDEX = "*"


@dataclass(frozen=True, slots=True)
class Change:
    """A place where two values differ.

    `added` is only in the other value (then `value` is None), `removed` only in the first. Items
    of aligned arrays can have different indexes: `other_place` is the place in the other value.
    `reordered` is an array with items in another order: `value` is the number of those that moved,
    `other` the number of items in the other array.
    """

    kind: ChangeKind
    place: Place
    other_place: Place
    value: Json = None
    other: Json = None

    @property
    def path(self) -> str:
        """The JSON Pointer in the first value; of an addition, in the other."""
        return pointer_of(self._shown_place)

    @property
    def other_path(self) -> str:
        """The JSON Pointer in the other value; of a removal, in the first."""
        return pointer_of(self.place if self.kind == REMOVED else self.other_place)

    @property
    def folded(self) -> tuple[str, ...]:
        """The tokens of the path, array indexes as ANY_INDEX: the same for all rows."""
        tokens = path_tokens(self._shown_place)
        return tuple(ANY_INDEX if isinstance(token, int) else token for token in tokens)

    @property
    def _shown_place(self) -> Place:
        return self.other_place if self.kind == ADDED else self.place


class _Pair(NamedTuple):
    value: Json
    other: Json
    place: Place
    other_place: Place


def differences(value: Json, other: Json) -> Iterator[Change]:
    """Yield the differences between two JSON values, in the order of the first one.

    Numbers are compared by value (1 equals 1.0), true is not 1, NaN equals NaN. Objects are
    compared by key, arrays after alignment. A value of another type is one change, with all it
    contains. Values can be nested to any depth.
    """
    exact = holds_hidden(value) or holds_hidden(other)
    left: list[_Pair | Change] = [_Pair(value, other, None, None)]
    while left:
        found = left.pop()
        if isinstance(found, Change):
            yield found
            continue
        mine, theirs, place, other_place = found
        if type(mine) is dict and type(theirs) is dict:
            left += reversed(_of_objects(found))
        elif type(mine) is list and type(theirs) is list:
            left += reversed(_of_arrays(found, exact))
        elif not same_scalar(mine, theirs):
            yield Change(CHANGED, place, other_place, mine, theirs)


def same_scalar(value: Json, other: Json) -> bool:
    """Return whether two values are the same scalar; False where either is an array or object.

    Texts that differ only by characters which cleaning removed are not the same.
    """
    if value is other:
        return True
    if isinstance(value, str) and isinstance(other, str):
        return same_text(value, other)
    if type(value) is not type(other):
        numbers = isinstance(value, int | float) and isinstance(other, int | float)
        return numbers and bool not in (type(value), type(other)) and value == other
    # Only NaN differs from itself.
    return bool(value == other) or (value != value and other != other)


def _of_objects(pair: _Pair) -> list[_Pair | Change]:
    mine, theirs, place, other_place = pair
    found: list[_Pair | Change] = []
    for key, value in mine.items():
        if key not in theirs:
            found.append(Change(REMOVED, (place, key), (other_place, key), value))
            continue
        other = theirs[key]
        if isinstance(value, dict | list) or not same_scalar(value, other):
            found.append(_Pair(value, other, (place, key), (other_place, key)))
    found += [
        Change(ADDED, (place, key), (other_place, key), None, other)
        for key, other in theirs.items()
        if key not in mine
    ]
    return found


def _of_arrays(pair: _Pair, exact: bool) -> list[_Pair | Change]:
    mine, theirs, place, other_place = pair
    aligned = align(mine, theirs, exact=exact)
    found: list[_Pair | Change] = []
    if aligned.moved:
        found.append(Change(REORDERED, place, other_place, aligned.moved, len(theirs)))
    for index, other_index in aligned.pairs:
        if index is not None and other_index is not None:
            here, there = (place, index), (other_place, other_index)
            found.append(_Pair(mine[index], theirs[other_index], here, there))
        elif index is not None:
            found.append(Change(REMOVED, (place, index), (other_place, index), mine[index]))
        elif other_index is not None:
            there = (other_place, other_index)
            found.append(Change(ADDED, (place, other_index), there, None, theirs[other_index]))
    return found
