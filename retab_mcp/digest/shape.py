"""Describe what the items of an array or map have in common, and which of them differ."""

from collections import Counter
from itertools import chain
from typing import NamedTuple

from retab_mcp.digest.columns import (
    Column,
    of_items,
    of_kind,
    of_map_values,
    of_members,
)
from retab_mcp.digest.pointer import format_pointer
from retab_mcp.safety.clean import CleanedText
from retab_mcp.safety.nodes import Json

_MAX_LEVELS = 12  # described; deeper values are reached by their pointers
_MAX_KEYS = 64  # objects with more keys between them are maps, whose keys are data
_MAX_DISTINCT = 8  # values listed with their counts
_SAMPLED_FOR_DISTINCT = 500  # values checked before counting all of them
_MAX_DISTINCT_LENGTH = 40  # characters of a listed value
_MAX_PLAIN_LENGTH = 80  # characters; the lengths of longer strings are described
_MAX_RARE = 3  # equally different items that are named as outliers …
_RARE_AMONG = 10  # … if they are at most one item in ten
_MAX_OUTLIERS = 20
_MAX_SAMPLE_LENGTH = 80  # characters shown of an outlier

_NAMES: dict[type, str] = {
    str: "string",
    CleanedText: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    list: "array",
    dict: "object",
}
_NUMBERS = frozenset((int, float))
_STRINGS = frozenset((str, CleanedText))
_NULL = type(None)


class Outlier(NamedTuple):
    """A value unlike the others in its place: its pointer, how it differs, and its start."""

    path: str
    why: str
    value: Json


class Shape(NamedTuple):
    """The description of a value's items, and the outliers among them."""

    description: Json
    outliers: list[Outlier]


def shape(value: list[Json] | dict[str, Json], pointer: str = "") -> Shape:
    """Describe what the items of an array, or the members of a map, have in common.

    Every item is visited, in linear time. A description is a type name or an object: `type` (or
    `types` with counts if items differ), `null` (count), `present` (how many items have the key),
    `min` and `max`, `values` (distinct values with counts, if few), `length` (one, or [shortest,
    longest]), `empty` (count), `items` of arrays, `keys` of objects, `map_of` for objects whose
    keys are data. An empty value is described as "nothing". `pointer` is where the value is; the
    paths of outliers start with it.
    """
    found: list[Outlier] = []
    if not value:
        return Shape("nothing", found)
    if isinstance(value, list):
        column = Column(value, lambda n: (n,))
    else:
        keys = list(value)
        column = Column(list(value.values()), lambda n: (keys[n],))
    return Shape(_describe(column, _Finder(pointer, found), 0), found)


class _Finder(NamedTuple):
    """Collects the outliers of columns."""

    pointer: str
    found: list[Outlier]

    def note(self, column: Column, places: list[int], why: str) -> None:
        for place in places:
            if len(self.found) < _MAX_OUTLIERS:
                path = self.pointer + format_pointer(column.locate(place))
                self.found.append(Outlier(path, why, _sample(column.values[place])))


def _describe(column: Column, finder: _Finder, depth: int) -> Json:
    values = column.values
    kinds = Counter(map(type, values))
    result: dict[str, Json] = {}
    nulls = kinds.pop(_NULL, 0)
    if not kinds:
        return "null"
    names: Counter[str] = Counter()
    for kind, count in kinds.items():
        names["number" if kind is int and float in kinds else _NAMES[kind]] += count
    if len(names) == 1:
        result["type"] = next(iter(names))
    else:
        result["types"] = dict(names.most_common())
        _note_rare_types(column, names, finder)
    if nulls:
        result["null"] = nulls
        _note_rare(column, None, nulls, "null", finder)
    if len(values) > 1 or list in kinds or dict in kinds:
        for group in {_group(kind) for kind in kinds}:
            part = of_kind(column, group) if nulls or len(kinds) > 1 else column
            result |= _detail(part, group, finder, depth)
    return result["type"] if list(result) == ["type"] else result


def _group(kind: type) -> frozenset[type]:
    if kind in _STRINGS:
        return _STRINGS
    return _NUMBERS if kind in _NUMBERS else frozenset((kind,))


def _detail(part: Column, group: frozenset[type], finder: _Finder, depth: int) -> dict[str, Json]:
    if group is _NUMBERS:
        return _numbers(part, finder)
    if str in group:
        return _strings(part, finder)
    if bool in group:
        return _distinct(part, finder)
    if depth >= _MAX_LEVELS:
        return {}
    return _arrays(part, finder, depth) if list in group else _objects(part, finder, depth)


def _numbers(part: Column, finder: _Finder) -> dict[str, Json]:
    values = part.values
    low, high = min(values), max(values)
    if low != low or high != high:
        real = [value for value in values if value == value]
        if not real:
            return {}
        low, high = min(real), max(real)
    return {"min": low, "max": high} | _distinct(part, finder)


def _strings(part: Column, finder: _Finder) -> dict[str, Json]:
    result: dict[str, Json] = {}
    values = part.values
    longest = max(map(len, values))
    if not longest:
        return {"empty": len(values)}
    result |= _empty(part, "", finder)
    if longest > _MAX_PLAIN_LENGTH:
        result["length"] = [min(map(len, values)), longest]
    if longest <= _MAX_DISTINCT_LENGTH:
        result |= _distinct(part, finder)
    return result


def _distinct(part: Column, finder: _Finder) -> dict[str, Json]:
    """Count the distinct values, if they are few and most of them repeat."""
    values = part.values
    if len(set(values[:_SAMPLED_FOR_DISTINCT])) > _MAX_DISTINCT:
        return {}
    counts = Counter(values)
    if len(counts) > _MAX_DISTINCT or len(counts) * 2 > len(values):
        return {}
    if any(value != value for value in counts):
        return {}  # NaN is not equal to itself, so it cannot be counted
    for value, count in counts.items():
        if value != "":
            _note_rare(part, value, count, "rare value", finder)
    ordered = counts.most_common()
    return {"values": {_value_name(value): count for value, count in ordered}}


def _value_name(value: Json) -> str:
    return value if isinstance(value, str) else str(value).lower()


def _empty(part: Column, empty: Json, finder: _Finder) -> dict[str, Json]:
    count = part.values.count(empty)
    if not count:
        return {}
    if count < len(part.values):
        _note_rare(part, empty, count, "empty", finder)
    return {"empty": count}


def _arrays(part: Column, finder: _Finder, depth: int) -> dict[str, Json]:
    lengths = list(map(len, part.values))
    result: dict[str, Json] = {"length": _span(min(lengths), max(lengths))}
    result |= _empty(part, [], finder)
    if any(lengths):
        result["items"] = _describe(of_items(part), finder, depth + 1)
    return result


def _objects(part: Column, finder: _Finder, depth: int) -> dict[str, Json]:
    result = _empty(part, {}, finder)
    keys = set(chain.from_iterable(part.values))
    if len(keys) > _MAX_KEYS:
        lengths = list(map(len, part.values))
        result["length"] = _span(min(lengths), max(lengths))
        result["map_of"] = _describe(of_map_values(part), finder, depth + 1)
        return result
    described: dict[str, Json] = {}
    total = len(part.values)
    for key, column in of_members(part).items() if keys else ():
        description = _describe(column, finder, depth + 1)
        present = len(column.values)
        if present < total:
            if not isinstance(description, dict):
                description = {"type": description}
            description = {"present": present, **description}
            _note_rare_presence(part, key, column, finder)
        described[key] = description
    if described:
        result["keys"] = described
    return result


def _span(low: int, high: int) -> Json:
    return low if low == high else [low, high]


def _is_rare(count: int, total: int) -> bool:
    return 0 < count <= _MAX_RARE and count * _RARE_AMONG <= total


def _note_rare(column: Column, value: Json, count: int, why: str, finder: _Finder) -> None:
    if not _is_rare(count, len(column.values)):
        return
    places: list[int] = []
    start = 0
    for _ in range(count):
        start = column.values.index(value, start) + 1
        places.append(start - 1)
    finder.note(column, places, why)


def _note_rare_types(column: Column, names: Counter[str], finder: _Finder) -> None:
    total = len(column.values)
    usual = max(names, key=names.__getitem__)
    for name, count in names.items():
        if _is_rare(count, total):
            kinds = {kind for kind, known in _NAMES.items() if known == name}
            places = [n for n, value in enumerate(column.values) if type(value) in kinds]
            finder.note(column, places, f"{name} among {usual}s")


def _note_rare_presence(part: Column, key: str, column: Column, finder: _Finder) -> None:
    total = len(part.values)
    if _is_rare(len(column.values), total):
        finder.note(column, list(range(len(column.values))), "key only here")
    elif _is_rare(total - len(column.values), total):
        places = [n for n, item in enumerate(part.values) if key not in item]
        finder.note(part, places, f"no key {key}")


def _sample(value: Json) -> Json:
    if isinstance(value, str):
        return value if len(value) <= _MAX_SAMPLE_LENGTH else value[:_MAX_SAMPLE_LENGTH] + "…"
    if isinstance(value, dict | list) and value:
        return f"{_NAMES[type(value)]} of {len(value)}"
    return value
