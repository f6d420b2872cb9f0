"""Build the digest of a value for a given budget, container by container."""

from itertools import islice
from typing import NamedTuple

from retab_mcp.digest.compact import MAX_DEPTH, count_leaves, json_tokens, json_tokens_within
from retab_mcp.digest.pointer import format_pointer, slice_pointer
from retab_mcp.digest.shape import Outlier, Shape, shape
from retab_mcp.digest.simplify import simplify
from retab_mcp.digest.text import end_by_pieces, looks_like, start_by_pieces
from retab_mcp.safety.nodes import Json

# Keys whose values usually explain a failure: they get a larger share of the budget.
_EXPLAINING = frozenset(
    ("id", "error", "errors", "message", "status", "type", "detail", "details", "reason", "name")
)
_EXPLAINING_SHARE = 3  # shares of the budget for such a value; others get one
_MIN_MARKER = 14  # tokens of {"$shape":"array","length":20000}
_SHAPE_SHARE = 0.45  # of a marker's budget
_OUTLIERS_SHARE = 0.25
_LAST_SHARE = 0.2
_OPAQUE_START = 48  # characters of base64 shown: enough to recognise a PDF or a PNG
_END_SHARE = 0.25  # of a text's budget
_LEAF_LENGTH = 20  # characters of a text that count as much as one leaf
_MAX_LEVELS = MAX_DEPTH - 4  # deeper values are replaced by a marker
_OPAQUE = ("base64", "data_url")


class Piece(NamedTuple):
    """A digested value, the number of its leaves shown, and (size, pointer) of what is omitted."""

    value: Json
    shown: int
    omitted: list[tuple[int, str]]


class Builder:
    """Builds pieces for several budgets, computing each shape only once.

    A `derived` value is not part of a record, so its outliers, which are pointers, are left out.
    """

    def __init__(self, derived: bool = False) -> None:
        self._derived = derived
        self._shapes: dict[int, Shape] = {}

    def build(self, value: Json, budget: int, pointer: str, level: int = 0) -> Piece:
        """Digest a value to about `budget` tokens by estimate."""
        if json_tokens_within(value, budget) is not None:
            return Piece(value, count_leaves(value), [])
        if isinstance(value, list):
            return self._array(value, budget, pointer, level)
        if isinstance(value, dict):
            return self._object(value, budget, pointer, level)
        if isinstance(value, str):
            return Piece(string_marker(value, budget), 0, [(size(value), pointer)])
        return Piece(value, 1, [])

    def _shape(self, value: Json, pointer: str) -> Shape:
        known = self._shapes.get(id(value))
        if known is None:
            known = self._shapes[id(value)] = shape(value, pointer)
        return known

    def _array(self, value: list[Json], budget: int, pointer: str, level: int) -> Piece:
        marker: dict[str, Json] = {"$shape": "array", "length": len(value)}
        self._add_shape(marker, "items", value, budget, pointer)
        left = budget - json_tokens(marker) - 8
        lasts: list[Json] = []
        if len(value) > 1:
            cost = json_tokens_within(value[-1], int(left * _LAST_SHARE))
            if cost is not None:
                lasts = [value[-1]]
                left -= cost + 4
        firsts: list[Json] = []
        for item in value[: len(value) - len(lasts)]:
            cost = json_tokens_within(item, left)
            if cost is None:
                break
            firsts.append(item)
            left -= cost + 1
        shown = sum(map(count_leaves, firsts)) + sum(map(count_leaves, lasts))
        omitted: list[tuple[int, str]] = []
        if not firsts and left > 2 * _MIN_MARKER and level < _MAX_LEVELS:
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
        self, marker: dict[str, Json], name: str, value: Json, budget: int, pointer: str
    ) -> None:
        described = self._shape(value, pointer)
        description = simplify(described.description, int(budget * _SHAPE_SHARE))
        if description is not None:
            marker[name] = description
        if self._derived:
            return
        outliers = outliers_within(described.outliers, int(budget * _OUTLIERS_SHARE))
        if outliers:
            marker["outliers"] = outliers

    def _object(self, value: dict[str, Json], budget: int, pointer: str, level: int) -> Piece:
        few_keys = len(value) * 4 <= budget
        left = budget - json_tokens(list(value)) - 2 * len(value) if few_keys else 0
        if not few_keys or left < 3 * len(value) or level >= _MAX_LEVELS:
            return self._object_as_map(value, budget, pointer)
        whole, oversized, left = self._share_out(value, left)
        if left < _MIN_MARKER * len(oversized):
            return self._object_as_map(value, budget, pointer)
        digested: dict[str, Json] = {}
        shown = sum(count_leaves(value[key]) for key in whole)
        omitted: list[tuple[int, str]] = []
        shares = sum(_shares(key) for key in oversized)
        for key in sorted(oversized, key=_shares):
            share = left * _shares(key) // shares
            path = pointer + format_pointer((key,))
            piece = self.build(value[key], share, path, level + 1)
            digested[key] = piece.value
            shown += piece.shown
            omitted += piece.omitted
            shares -= _shares(key)
            if shares:
                left -= json_tokens(piece.value)
        members = {key: digested.get(key, item) for key, item in value.items()}
        return Piece(members, shown, omitted)

    def _share_out(self, value: dict[str, Json], left: int) -> tuple[set[str], list[str], int]:
        """Find the members that fit their share of the budget.

        A member smaller than its share leaves more for the others, so repeat until none fits.
        Return the keys that are kept whole, the other keys, and the tokens left for those.
        """
        whole: set[str] = set()
        oversized = list(value)
        while oversized:
            shares = sum(map(_shares, oversized))
            costs = {
                key: json_tokens_within(value[key], left * _shares(key) // shares)
                for key in oversized
            }
            fitting = {key: cost for key, cost in costs.items() if cost is not None}
            if not fitting:
                break
            whole |= fitting.keys()
            left -= sum(fitting.values())
            oversized = [key for key in oversized if key not in fitting]
        return whole, oversized, left

    def _object_as_map(self, value: dict[str, Json], budget: int, pointer: str) -> Piece:
        """Digest an object with too many or too large members as a map."""
        marker: dict[str, Json] = {"$shape": "object", "length": len(value)}
        if len(value) > 1:
            self._add_shape(marker, "values", value, budget, pointer)
        left = budget - json_tokens(marker) - 6
        firsts: dict[str, Json] = {}
        names: list[str] = []
        for key, item in islice(value.items(), len(value) - 1):
            cost = json_tokens_within({key: item}, left - 2)
            if cost is None:
                break
            firsts[key] = item
            left -= cost
        for key in list(value)[len(firsts) :]:
            cost = json_tokens_within(key, left - 6)
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
    """Return the rough size of a value by its top level; only good for comparisons."""
    if isinstance(value, str):
        return 1 + len(value) // _LEAF_LENGTH
    if not isinstance(value, dict | list) or not value:
        return 1
    first = value[0] if isinstance(value, list) else next(iter(value.values()))
    return len(value) * (len(first) + 1 if isinstance(first, dict | list) else 1)


def _shares(key: str) -> int:
    return _EXPLAINING_SHARE if key in _EXPLAINING else 1


def outliers_within(outliers: list[Outlier], limit: int) -> list[Json]:
    """Return the first outliers that fit the limit, in tokens."""
    shown: list[Json] = []
    for outlier in outliers:
        entry = outlier._asdict()
        cost = json_tokens(entry) + 1
        if cost > limit:
            break
        shown.append(entry)
        limit -= cost
    return shown


def string_marker(text: str, budget: int) -> Json:
    """Return a marker with length, kind, and as much of start and end as fits `budget` tokens."""
    marker: dict[str, Json] = {"$shape": "string", "length": len(text)}
    kind = looks_like(text)
    if kind is not None:
        marker["looks_like"] = kind
    left = budget - json_tokens(marker) - 8
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
