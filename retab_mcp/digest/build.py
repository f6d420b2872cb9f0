"""Builds the digest of a value for a given room, container by container."""

from itertools import islice
from typing import Any, NamedTuple

from retab_mcp.digest.encode import DEEPEST, count_leaves, tokens, tokens_within
from retab_mcp.digest.pointer import format_pointer, slice_pointer
from retab_mcp.digest.shape import Outlier, Shape, shape
from retab_mcp.digest.simplify import simpler_until
from retab_mcp.digest.text import end_by_pieces, looks_like, start_by_pieces

Json = Any

# Keys whose values tell what happened: they give way last.
_TELLING = frozenset(
    ("id", "error", "errors", "message", "status", "type", "detail", "details", "reason", "name")
)
_TELLING_SHARE = 3  # a telling value may take so many shares of the room
_SMALLEST_MARKER = 14  # tokens of {"$shape":"array","length":20000}
_SHAPE_SHARE = 0.45  # of a marker's room
_OUTLIERS_SHARE = 0.25
_LAST_SHARE = 0.2
_OPAQUE_START = 48  # characters of base64 that are shown: enough to tell a PDF from a PNG
_END_SHARE = 0.25  # of a text's room
_CHARACTERS_LIKE_A_LEAF = 20
_LEVELS_BUILT = DEEPEST - 4  # below, a marker stands for the rest
_OPAQUE = ("base64", "data_url")


class Piece(NamedTuple):
    """A digested value, how many leaves of it are shown, and what is not: (size, pointer)."""

    value: Json
    shown: int
    omitted: list[tuple[int, str]]


class Builder:
    """Builds pieces; remembers shapes, which are costly, from one try to the next.

    Of a value that lies in no record (`derived`) no outliers are named: their pointers would lead
    nowhere.
    """

    def __init__(self, derived: bool = False) -> None:
        self._derived = derived
        self._shapes: dict[int, Shape] = {}

    def build(self, value: Json, room: int, pointer: str, level: int = 0) -> Piece:
        """Return the value in about `room` tokens by estimate."""
        if tokens_within(value, room) is not None:
            return Piece(value, count_leaves(value), [])
        if isinstance(value, list):
            return self._array(value, room, pointer, level)
        if isinstance(value, dict):
            return self._object(value, room, pointer, level)
        if isinstance(value, str):
            return Piece(string_marker(value, room), 0, [(size(value), pointer)])
        return Piece(value, 1, [])

    def _shape(self, value: Json, pointer: str) -> Shape:
        known = self._shapes.get(id(value))
        if known is None:
            known = self._shapes[id(value)] = shape(value, pointer)
        return known

    def _array(self, value: list[Json], room: int, pointer: str, level: int) -> Piece:
        marker: dict[str, Json] = {"$shape": "array", "length": len(value)}
        self._add_shape(marker, "items", value, room, pointer)
        left = room - tokens(marker) - 8
        lasts: list[Json] = []
        if len(value) > 1:
            cost = tokens_within(value[-1], int(left * _LAST_SHARE))
            if cost is not None:
                lasts = [value[-1]]
                left -= cost + 4
        firsts: list[Json] = []
        for item in value[: len(value) - len(lasts)]:
            cost = tokens_within(item, left)
            if cost is None:
                break
            firsts.append(item)
            left -= cost + 1
        shown = sum(map(count_leaves, firsts)) + sum(map(count_leaves, lasts))
        omitted: list[tuple[int, str]] = []
        if not firsts and left > 2 * _SMALLEST_MARKER and level < _LEVELS_BUILT:
            piece = self.build(value[0], left, f"{pointer}/0", level + 2)
            firsts.append(piece.value)
            shown += piece.shown
            omitted += piece.omitted
        if firsts:
            marker["first"] = firsts
        if lasts:
            marker["last"] = lasts
        start, end = len(firsts), len(value) - len(lasts)
        if start < end:
            omitted.append(((end - start) * size(value[end - 1]), f"{pointer}/{start}-{end}"))
        return Piece(marker, shown, omitted)

    def _add_shape(
        self, marker: dict[str, Json], name: str, value: Json, room: int, pointer: str
    ) -> None:
        described = self._shape(value, pointer)
        description = simpler_until(described.description, int(room * _SHAPE_SHARE))
        if description is not None:
            marker[name] = description
        if self._derived:
            return
        outliers = outliers_within(described.outliers, int(room * _OUTLIERS_SHARE))
        if outliers:
            marker["outliers"] = outliers

    def _object(self, value: dict[str, Json], room: int, pointer: str, level: int) -> Piece:
        few_keys = len(value) * 4 <= room
        left = room - tokens(list(value)) - 2 * len(value) if few_keys else 0
        if not few_keys or left < 3 * len(value) or level >= _LEVELS_BUILT:
            return self._map(value, room, pointer)
        whole, waiting, left = self._share_out(value, left)
        if left < _SMALLEST_MARKER * len(waiting):
            return self._map(value, room, pointer)
        digested: dict[str, Json] = {}
        shown = sum(count_leaves(value[key]) for key in whole)
        omitted: list[tuple[int, str]] = []
        shares = sum(_shares(key) for key in waiting)
        for key in sorted(waiting, key=_shares):
            share = left * _shares(key) // shares
            path = pointer + format_pointer((key,))
            piece = self.build(value[key], share, path, level + 1)
            digested[key] = piece.value
            shown += piece.shown
            omitted += piece.omitted
            shares -= _shares(key)
            if shares:
                left -= tokens(piece.value)
        members = {key: digested.get(key, item) for key, item in value.items()}
        return Piece(members, shown, omitted)

    def _share_out(self, value: dict[str, Json], left: int) -> tuple[set[str], list[str], int]:
        """Keep whole what is within its share, until what is saved helps no other value."""
        whole: set[str] = set()
        waiting = list(value)
        while waiting:
            shares = sum(map(_shares, waiting))
            costs = {
                key: tokens_within(value[key], left * _shares(key) // shares) for key in waiting
            }
            fitting = {key: cost for key, cost in costs.items() if cost is not None}
            if not fitting:
                break
            whole |= fitting.keys()
            left -= sum(fitting.values())
            waiting = [key for key in waiting if key not in fitting]
        return whole, waiting, left

    def _map(self, value: dict[str, Json], room: int, pointer: str) -> Piece:
        """Show an object of too many or too large members as a map."""
        marker: dict[str, Json] = {"$shape": "object", "length": len(value)}
        if len(value) > 1:
            self._add_shape(marker, "values", value, room, pointer)
        left = room - tokens(marker) - 6
        firsts: dict[str, Json] = {}
        names: list[str] = []
        for key, item in islice(value.items(), len(value) - 1):
            cost = tokens_within({key: item}, left - 2)
            if cost is None:
                break
            firsts[key] = item
            left -= cost
        for key in list(value)[len(firsts) :]:
            cost = tokens_within(key, left - 6)
            if cost is None:
                break
            names.append(key)
            left -= cost + 1
        if firsts:
            marker["first"] = firsts
        if names:
            marker["other_keys"] = names
        shown = sum(map(count_leaves, firsts.values()))
        rest = slice_pointer(value, pointer, len(firsts), len(value))
        return Piece(marker, shown, [(size(value), rest)])


def size(value: Json) -> int:
    """Return about how much a value holds, at a glance: only to tell larger from smaller."""
    if isinstance(value, str):
        return 1 + len(value) // _CHARACTERS_LIKE_A_LEAF
    if not isinstance(value, dict | list) or not value:
        return 1
    first = value[0] if isinstance(value, list) else next(iter(value.values()))
    return len(value) * (len(first) + 1 if isinstance(first, dict | list) else 1)


def _shares(key: str) -> int:
    return _TELLING_SHARE if key in _TELLING else 1


def outliers_within(outliers: list[Outlier], limit: int) -> list[Json]:
    """Return as many outliers as fit the limit, in tokens."""
    shown: list[Json] = []
    for outlier in outliers:
        entry = outlier._asdict()
        cost = tokens(entry) + 1
        if cost > limit:
            break
        shown.append(entry)
        limit -= cost
    return shown


def string_marker(text: str, room: int) -> Json:
    """Return a marker with length, kind, and as much of beginning and end as fits `room` tokens."""
    marker: dict[str, Json] = {"$shape": "string", "length": len(text)}
    kind = looks_like(text)
    if kind is not None:
        marker["looks_like"] = kind
    left = room - tokens(marker) - 8
    if kind in _OPAQUE:
        start = start_by_pieces(text[:_OPAQUE_START], left)
        return {**marker, "start": start} if start else marker
    for_end = int(left * _END_SHARE) if left > 40 else 0
    end = end_by_pieces(text, for_end)
    start = start_by_pieces(text, left - for_end - 3 if end else left)
    if start:
        marker["start"] = start
    if end:
        marker["end"] = end
    return marker
