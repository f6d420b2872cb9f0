"""Pair the fields of an input with those of an output that have the same name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from retab_mcp.analysis.payloads.number_readings import number_readings
from retab_mcp.analysis.payloads.same_meaning import same_meaning
from retab_mcp.analysis.payloads.unit_words import name_words
from retab_mcp.analysis.values.walk import Place
from retab_mcp.models import Json

# Values compared at most for one step: enough for a table of some thousand rows.
MAX_COMPARED = 50_000

# The rows of a table repeat the same short names.
MAX_CACHED_NAMES, LONGEST_CACHED_NAME = 4_096, 100

# Digits by which a number is recognized under another name: fewer are alike by chance.
MIN_DIGITS = 4
# … and with a word in common.
MIN_DIGITS_OF_NUMBER = 3

_Record = tuple[dict[str, Json], Place]
_Field = tuple[str, _Record]


@dataclass(frozen=True, slots=True)
class FieldPair:
    """A field whose value differs between input and output, and the records that contain it."""

    name: str
    before: Json
    after: Json
    place_before: Place
    place_after: Place
    record_before: dict[str, Json]
    record_after: dict[str, Json]


def changed_fields(
    inputs: Sequence[tuple[Json, Place]], outputs: Sequence[tuple[Json, Place]]
) -> Iterator[FieldPair]:
    """Yield the fields that both sides have under one name, with different meanings.

    `inputs` and `outputs` are values with their places. Rows of arrays are paired by a column that
    identifies them, else by position. A field that occurs more than once is paired by the name of
    the object around it, or not at all.
    """
    if [value for value, _ in inputs] == [value for value, _ in outputs]:
        return
    left = [MAX_COMPARED]
    yield from _changed(inputs, outputs, left)


def bare_name(name: str) -> str:
    """Return a name without case and separators: totalAmount and total_amount are the same."""
    return _bare(name) if len(name) > LONGEST_CACHED_NAME else _cached_bare(name)


def _bare(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


_cached_bare = lru_cache(MAX_CACHED_NAMES)(_bare)


def _changed(
    inputs: Sequence[tuple[Json, Place]], outputs: Sequence[tuple[Json, Place]], left: list[int]
) -> Iterator[FieldPair]:
    records, arrays = _parts(inputs)
    made_records, made_arrays = _parts(outputs)
    by_name: dict[str, list[_Field]] = {}
    for record in records:
        for name in record[0]:
            by_name.setdefault(bare_name(name), []).append((name, record))
    renamed = _Renamed(records)
    for made in made_records:
        for name, after in made[0].items():
            left[0] -= 1
            if left[0] < 0:
                return
            named = by_name.get(bare_name(name), [])
            if isinstance(after, list) and after:
                yield from _changed_numbers(name, after, made, named)
            if isinstance(after, dict) or (isinstance(after, list) and after):
                continue
            candidates = named or renamed.sources(name, after)
            pair = _pair(name, after, made, candidates)
            if pair is not None:
                yield pair
    for rows, place in made_arrays:
        source = _source_of(place, arrays)
        if source is None:
            continue
        given, given_place = source
        for row, made_row in _aligned(given, rows):
            if left[0] < 0:
                return
            if given[row] == rows[made_row]:
                continue
            before = (given[row], (given_place, row))
            yield from _changed([before], [(rows[made_row], (place, made_row))], left)


def _changed_numbers(
    name: str, after: list[Json], made: _Record, candidates: list[_Field]
) -> Iterator[FieldPair]:
    """Yield the numbers of an array that differ from those of an array of the same name."""
    if len(candidates) != 1:
        return
    known, (record, place) = candidates[0]
    before = record[known]
    if not isinstance(before, list) or len(before) != len(after):
        return
    readings = [number_readings(value) for value in (*before, *after)]
    if not all(readings) or sorted(readings[: len(before)]) == sorted(readings[len(before) :]):
        return
    for at, (value, other) in enumerate(zip(before, after, strict=True)):
        if not same_meaning(value, other):
            places = ((place, known), at), ((made[1], name), at)
            yield FieldPair(name, value, other, *places, record, made[0])


class _Renamed:
    """Finds the field from which a number under another name was made, by its digits.

    A text needs the digits only; a number needs a word in its name as well.
    """

    def __init__(self, records: list[_Record]) -> None:
        self._records = records
        self._by_digits: dict[str, list[_Field]] | None = None
        self._numbers: set[Decimal] = set()

    def sources(self, name: str, number: Json) -> list[_Field]:
        """Return the fields with the digits of `number`; [] where a field equals it."""
        found = number_readings(number) if isinstance(number, int | float) else ()
        digits = _digits(str(number)) if found else ""
        if len(digits) < MIN_DIGITS_OF_NUMBER:
            return []
        if self._by_digits is None:
            self._by_digits = self._index()
        if found[0] in self._numbers:
            return []
        return [
            (known, record)
            for known, record in self._by_digits.get(digits, [])
            if name_words(known) & name_words(name)
            or (isinstance(record[0][known], str) and len(digits) >= MIN_DIGITS)
        ]

    def _index(self) -> dict[str, list[_Field]]:
        by_digits: dict[str, list[_Field]] = {}
        for record in self._records:
            for name, value in record[0].items():
                readings = number_readings(value)
                self._numbers.update(readings)
                if readings:
                    by_digits.setdefault(_digits(str(value)), []).append((name, record))
        return by_digits


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit()).strip("0")


def _parts(
    values: Sequence[tuple[Json, Place]],
) -> tuple[list[_Record], list[tuple[list[Json], Place]]]:
    """Return the objects in values that are not in arrays, and the arrays of objects."""
    records: list[_Record] = []
    arrays: list[tuple[list[Json], Place]] = []
    stack = list(reversed(values))
    while stack:
        value, place = stack.pop()
        if isinstance(value, dict):
            records.append((value, place))
            stack += [(child, (place, key)) for key, child in reversed(value.items())]
        elif isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            arrays.append((value, place))
    return records, arrays


def _pair(name: str, after: Json, made: _Record, candidates: list[_Field]) -> FieldPair | None:
    if any(same_meaning(record[known], after) for known, (record, _) in candidates):
        return None
    if len(candidates) > 1:
        around = _name_of(made[1])
        candidates = [one for one in candidates if _name_of(one[1][1]) == around]
    if len(candidates) != 1:
        return None
    known, (record, place) = candidates[0]
    return FieldPair(
        name=name,
        before=record[known],
        after=after,
        place_before=(place, known),
        place_after=(made[1], name),
        record_before=record,
        record_after=made[0],
    )


def _name_of(place: Place) -> str:
    return bare_name(str(place[1])) if place is not None else ""


def _source_of(
    place: Place, arrays: list[tuple[list[Json], Place]]
) -> tuple[list[Json], Place] | None:
    """Return the input array of the same name, else the only one."""
    named = [one for one in arrays if _name_of(one[1]) == _name_of(place)]
    found = named or arrays
    return found[0] if len(found) == 1 else None


def _aligned(rows: list[Json], made: list[Json]) -> list[tuple[int, int]]:
    """Return which rows belong together: by a column of unique values, else by position.

    By position only where the arrays are equally long and no text distinguishes their rows.
    """
    for name, first in rows[0].items():
        if isinstance(first, dict | list | float) or first is None or name not in made[0]:
            continue
        places = _unique(rows, name)
        made_places = _unique(made, name)
        if len(rows) > 1 and places and made_places and made_places.keys() <= places.keys():
            return [(places[key], at) for key, at in made_places.items()]
    if len(rows) != len(made):
        return []
    pairs = list(zip(rows, made, strict=True))
    shared = [
        name
        for name, value in rows[0].items()
        if isinstance(value, str) and isinstance(made[0].get(name), str)
    ]
    kept = not shared or any(
        all(same_meaning(row.get(name), other.get(name)) for row, other in pairs) for name in shared
    )
    return [(at, at) for at in range(len(rows))] if kept else []


def _unique(rows: list[Json], name: str) -> dict[Json, int]:
    """Return the place of each value of a column; {} unless they are unique scalars."""
    values = [row.get(name) for row in rows]
    if any(value is None or isinstance(value, dict | list) for value in values):
        return {}
    found = {value: at for at, value in enumerate(values)}
    return found if len(found) == len(rows) else {}
