"""Columns: the values at one place of many items, with a pointer to each."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate, chain
from typing import NamedTuple, TypeAlias

from retab_mcp.safety.nodes import Json, values_by_position

Parts: TypeAlias = tuple[str | int, ...]  # of a JSON Pointer


class Column(NamedTuple):
    """Values, and a function that returns the parts of the pointer to the n-th of them."""

    values: Sequence[Json]
    locate: Callable[[int], Parts]


def of_kind(column: Column, kinds: frozenset[type]) -> Column:
    """Return the part of a column whose values have one of the types."""
    places = [place for place, value in enumerate(column.values) if type(value) in kinds]
    if len(places) == len(column.values):
        return column
    values = column.values
    return Column([values[place] for place in places], lambda n: column.locate(places[n]))


def of_items(arrays: Column) -> Column:
    """Return the items of all arrays of a column, in order."""
    lengths = list(map(len, arrays.values))
    starts = list(accumulate(lengths, initial=0))

    def locate(n: int) -> Parts:
        array = bisect_right(starts, n) - 1
        return (*arrays.locate(array), n - starts[array])

    return Column(list(chain.from_iterable(arrays.values)), locate)


def of_members(objects: Column) -> dict[str, Column]:
    """Return a column for each key of the objects of a column, keys in order of appearance."""
    values = objects.values
    keys = tuple(values[0])
    if keys and all(map(keys.__eq__, map(tuple, values))):
        return {
            key: Column(column, _member_locator(objects, None, key))
            for key, column in zip(keys, values_by_position(values), strict=True)
        }
    places: dict[str, list[int]] = {}
    members: dict[str, list[Json]] = {}
    for place, item in enumerate(values):
        for key, value in item.items():
            if key in members:
                members[key].append(value)
                places[key].append(place)
            else:
                members[key] = [value]
                places[key] = [place]
    return {
        key: Column(members[key], _member_locator(objects, places[key], key)) for key in members
    }


def _member_locator(objects: Column, places: list[int] | None, key: str) -> Callable[[int], Parts]:
    if places is None:
        return lambda n: (*objects.locate(n), key)
    return lambda n: (*objects.locate(places[n]), key)


def of_map_values(objects: Column) -> Column:
    """Return the values of all objects of a column, whatever their keys."""
    values = list(chain.from_iterable(map(dict.values, objects.values)))
    starts = list(accumulate(map(len, objects.values), initial=0))

    def locate(n: int) -> Parts:
        place = bisect_right(starts, n) - 1
        key = list(objects.values[place])[n - starts[place]]
        return (*objects.locate(place), key)

    return Column(values, locate)
