"""Values of the same place in many items, side by side, and how to find the way back to each."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate, chain
from typing import Any, NamedTuple

Json = Any
Tokens = tuple[str | int, ...]
Container = dict[str, Any] | list[Any]


class Column(NamedTuple):
    """Values, and for the n-th of them the pointer tokens that lead to it."""

    values: Sequence[Json]
    locate: Callable[[int], Tokens]


def of_kind(column: Column, kinds: frozenset[type]) -> Column:
    """Return the part of a column whose values have one of the types."""
    places = [place for place, value in enumerate(column.values) if type(value) in kinds]
    if len(places) == len(column.values):
        return column
    values = column.values
    return Column([values[place] for place in places], lambda n: column.locate(places[n]))


def of_items(arrays: Column) -> Column:
    """Return the items of all arrays of a column, one after the other."""
    lengths = list(map(len, arrays.values))
    starts = list(accumulate(lengths, initial=0))

    def locate(n: int) -> Tokens:
        array = bisect_right(starts, n) - 1
        return (*arrays.locate(array), n - starts[array])

    return Column(list(chain.from_iterable(arrays.values)), locate)


def of_members(objects: Column) -> dict[str, Column]:
    """Return a column for each key of the objects of a column, keys in order of appearance."""
    values = objects.values
    keys = tuple(values[0])
    if keys and all(map(keys.__eq__, map(tuple, values))):
        return {
            key: Column(column, _member_way(objects, None, key))
            for key, column in zip(keys, _by_place(values), strict=True)
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
    return {key: Column(members[key], _member_way(objects, places[key], key)) for key in members}


def batches(containers: Sequence[Container]) -> list[list[Json]]:
    """Return all values that stand directly in the containers, in batches of the same place.

    Objects of one kind keep values of one type at one place, so a look at the types of a batch
    mostly tells about every value of it.
    """
    lists = [item for item in containers if type(item) is list]
    dicts = [item for item in containers if type(item) is dict]
    result = [list(chain.from_iterable(lists))] if lists else []
    if dicts and len(set(map(len, dicts))) == 1:
        result += _by_place(dicts)
    elif dicts:
        result.append(list(chain.from_iterable(map(dict.values, dicts))))
    return result


def containers_in(values: Sequence[Json]) -> list[Container]:
    """Return the objects and arrays among values."""
    if set(map(type, values)).isdisjoint((dict, list)):
        return []
    return [item for item in values if type(item) is dict or type(item) is list]


def _by_place(dicts: Sequence[dict[str, Json]]) -> list[list[Json]]:
    """Return the values of objects with equally many keys, for each place a list."""
    width = len(dicts[0])
    # Slices of one long list: no step of Python for each value, no object for each row.
    values = list(chain.from_iterable(map(dict.values, dicts)))
    return [values[place::width] for place in range(width)]


def _member_way(objects: Column, places: list[int] | None, key: str) -> Callable[[int], Tokens]:
    if places is None:
        return lambda n: (*objects.locate(n), key)
    return lambda n: (*objects.locate(places[n]), key)


def of_map_values(objects: Column) -> Column:
    """Return the values of all objects of a column, whatever their keys."""
    values = list(chain.from_iterable(map(dict.values, objects.values)))
    starts = list(accumulate(map(len, objects.values), initial=0))

    def locate(n: int) -> Tokens:
        place = bisect_right(starts, n) - 1
        key = list(objects.values[place])[n - starts[place]]
        return (*objects.locate(place), key)

    return Column(values, locate)
