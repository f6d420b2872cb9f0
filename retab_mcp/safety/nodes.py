"""Walk JSON level by level, many containers at once."""

from collections.abc import Sequence
from itertools import chain
from typing import Any, TypeAlias

# Any JSON value as Python objects; safety imports no other package, so it has an alias of its own.
Json: TypeAlias = Any
Container: TypeAlias = dict[str, Any] | list[Any]


def batches(containers: Sequence[Container]) -> list[list[Json]]:
    """Return all values directly inside the containers, in batches of the same position.

    Objects of one kind usually keep values of one type in one position, so the set of types of a
    batch is mostly enough to skip all of it.
    """
    lists = [item for item in containers if type(item) is list]
    dicts = [item for item in containers if type(item) is dict]
    result = [list(chain.from_iterable(lists))] if lists else []
    if dicts and len(set(map(len, dicts))) == 1:
        result += values_by_position(dicts)
    elif dicts:
        result.append(list(chain.from_iterable(map(dict.values, dicts))))
    return result


def containers_in(values: Sequence[Json]) -> list[Container]:
    """Return the objects and arrays among values."""
    if set(map(type, values)).isdisjoint((dict, list)):
        return []
    return [item for item in values if type(item) is dict or type(item) is list]


def values_by_position(dicts: Sequence[dict[str, Json]]) -> list[list[Json]]:
    """Return a list of values for each position of objects with equally many keys."""
    width = len(dicts[0])
    # Slices of one long list avoid a Python step per value and an object per row.
    values = list(chain.from_iterable(map(dict.values, dicts)))
    return [values[place::width] for place in range(width)]


def cut_below(value: Json, levels: int, note: str) -> None:
    """Replace the objects and arrays below so many levels of a value by `note`, in place."""
    level = containers_in([value])
    for _ in range(levels - 1):
        if not level:
            return
        level = list(chain.from_iterable(map(containers_in, batches(level))))
    for item in level:
        places = item if isinstance(item, dict) else range(len(item))
        for place in places:
            if type(item[place]) in (dict, list):  # type: ignore[index]
                item[place] = note  # type: ignore[index]
