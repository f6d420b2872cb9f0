"""One part of a value after another: whole items or characters, and the path of the next part."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from retab_mcp.digest.build import Builder, Piece
from retab_mcp.digest.digest import LOWEST_BUDGET, digest, fit
from retab_mcp.digest.encode import tokens, tokens_within
from retab_mcp.digest.pointer import format_pointer, slice_pointer
from retab_mcp.digest.text import longest_start

Json = Any

_SLICE_AT_END = re.compile(r"/([0-9]+)-([0-9]+)\Z")
_ROOM_FOR_BRACKETS = 4


class Page(NamedTuple):
    """A part of a value; `shown` of `total` are counted in `unit`.

    The units: items of an array, characters of a string, values (leaves) of an object, members of
    an object that has too many for one page. `next_path` leads to what follows, or to the largest
    value that was digested; None where nothing was left out.
    """

    value: Json
    shown: int
    total: int
    unit: str
    next_path: str | None
    truncated: bool


def page(
    value: Json,
    budget: int,
    pointer: str = "",
    start: int | None = None,
    whole: dict[str, Json] | None = None,
) -> Page:
    """Return as much of a value, from its beginning, as fits a budget of tokens by estimate.

    `pointer`, `start` and `whole` are those of a Resolved: where the value is a slice, the place
    of its first item in the whole array, string or object, and that object. Arrays give whole
    items (one too large for a page is digested), strings characters, objects their members, the
    largest digested or, where there are too many, the first of them; scalars are whole.
    """
    budget = max(budget, LOWEST_BUDGET)
    base, first = _origin(value, pointer, start)
    if isinstance(value, list):
        return _array_page(value, budget, base, first)
    if isinstance(value, str):
        return _string_page(value, budget, base, first)
    part = digest(value, budget, base)
    if part.truncated and isinstance(value, dict) and part.value.keys() != value.keys():
        return _members_page(value, budget, base, first, whole or value)
    following = part.omitted[0] if part.omitted else None
    return Page(part.value, part.shown, part.total, "values", following, part.truncated)


def _origin(value: Json, pointer: str, start: int | None) -> tuple[str, int]:
    """Return the pointer of the whole of which the value may be a slice, and where it begins."""
    bounds = _SLICE_AT_END.search(pointer)
    if bounds and isinstance(value, list | str | dict) and start is not None:
        begin, end = int(bounds[1]), int(bounds[2])
        if begin == start and end - begin == len(value):
            return pointer[: bounds.start()], start
    return pointer, 0


def _array_page(items: list[Json], budget: int, base: str, first: int) -> Page:
    total = len(items)
    if tokens_within(items, budget) is not None:
        return Page(items, total, total, "items", None, False)
    count = _how_many_fit(lambda n: items[:n], total, budget)
    if count:
        return Page(items[:count], count, total, "items", _rest(base, first, count, total), True)
    piece = _first_digested(items[0], budget, f"{base}/{first}")
    following = _rest(base, first, 1, total) if total > 1 else f"{base}/{first}"
    return Page([piece.value], 1, total, "items", following, True)


def _members_page(
    members: dict[str, Json], budget: int, base: str, first: int, whole: dict[str, Json]
) -> Page:
    total = len(members)
    pairs = list(members.items())
    count = _how_many_fit(lambda n: dict(pairs[:n]), total, budget)
    if count:
        following = slice_pointer(whole, base, first + count, first + total)
        return Page(dict(pairs[:count]), count, total, "members", following, True)
    key, item = pairs[0]
    path = base + format_pointer((key,))
    piece = _first_digested(item, budget - tokens(key), path)
    following = slice_pointer(whole, base, first + 1, first + total) if total > 1 else path
    return Page({key: piece.value}, 1, total, "members", following, True)


def _how_many_fit(first: Callable[[int], Json], total: int, budget: int) -> int:
    """Return the largest number of items whose first so many fit the budget."""
    low, high = 0, 1
    while high < total and tokens_within(first(high), budget) is not None:
        low, high = high, high * 2
    high = min(high, total) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if tokens_within(first(middle), budget) is not None:
            low = middle
        else:
            high = middle - 1
    return low


def _rest(base: str, first: int, count: int, total: int) -> str:
    return f"{base}/{first + count}-{first + total}"


def _first_digested(value: Json, budget: int, path: str) -> Piece:
    builder = Builder()
    return fit(lambda room: builder.build(value, room, path), budget - _ROOM_FOR_BRACKETS)


def _string_page(text: str, budget: int, base: str, first: int) -> Page:
    shown = longest_start(text, budget)
    if len(shown) == len(text):
        return Page(text, len(text), len(text), "characters", None, False)
    following = f"{base}/{first + len(shown)}-{first + len(text)}"
    return Page(shown, len(shown), len(text), "characters", following, True)
