"""Read a value page by page: whole items or characters, and the path of the next page."""

import re
from collections.abc import Callable
from typing import NamedTuple

from retab_mcp.digest.build import Builder, Piece
from retab_mcp.digest.compact import json_tokens, json_tokens_within
from retab_mcp.digest.digest import MIN_BUDGET, digest, fit_to_budget
from retab_mcp.digest.pointer import format_pointer, slice_pointer
from retab_mcp.digest.text import longest_start
from retab_mcp.safety.nodes import Json

_SLICE_AT_END = re.compile(r"/([0-9]+)-([0-9]+)\Z")
_BRACKET_TOKENS = 4


class ValuePage(NamedTuple):
    """A part of a value. `shown` and `total` are counted in `unit`.

    Units are items of an array, characters of a string, values (leaves) of an object, and members
    of an object that has too many for one page. `next_path` leads to the next page or to the
    largest value that was digested; None if nothing was left out.
    """

    value: Json
    shown: int
    total: int
    unit: str
    next_path: str | None
    truncated: bool


def first_page(
    value: Json,
    budget: int,
    pointer: str = "",
    start: int | None = None,
    whole: dict[str, Json] | None = None,
) -> ValuePage:
    """Return as much of the start of a value as fits a budget of tokens by estimate.

    `pointer`, `start` and `whole` are those of the value's Resolved. A page holds whole items of an
    array (a first item too large for it is digested), characters of a string, or all members of an
    object, large ones digested; if they are too many, the first of them. A scalar is whole.
    """
    budget = max(budget, MIN_BUDGET)
    base, first = _origin(value, pointer, start)
    if isinstance(value, list):
        return _array_page(value, budget, base, first)
    if isinstance(value, str):
        return _string_page(value, budget, base, first)
    part = digest(value, budget, base)
    if part.truncated and isinstance(value, dict) and part.value.keys() != value.keys():
        return _members_page(value, budget, base, first, whole or value)
    following = part.omitted[0] if part.omitted else None
    return ValuePage(part.value, part.shown, part.total, "values", following, part.truncated)


def _origin(value: Json, pointer: str, start: int | None) -> tuple[str, int]:
    """Return the pointer of the array, string or object, and the first position shown of it."""
    bounds = _SLICE_AT_END.search(pointer)
    if bounds and isinstance(value, list | str | dict) and start is not None:
        begin, end = int(bounds[1]), int(bounds[2])
        if begin == start and end - begin == len(value):
            return pointer[: bounds.start()], start
    return pointer, 0


def _array_page(items: list[Json], budget: int, base: str, first: int) -> ValuePage:
    total = len(items)
    if json_tokens_within(items, budget) is not None:
        return ValuePage(items, total, total, "items", None, False)
    count = _how_many_fit(lambda n: items[:n], total, budget)
    if count:
        return ValuePage(
            items[:count], count, total, "items", _rest(base, first, count, total), True
        )
    piece = _digest_first(items[0], budget, f"{base}/{first}")
    following = _rest(base, first, 1, total) if total > 1 else f"{base}/{first}"
    return ValuePage([piece.value], 1, total, "items", following, True)


def _members_page(
    members: dict[str, Json], budget: int, base: str, first: int, whole: dict[str, Json]
) -> ValuePage:
    total = len(members)
    pairs = list(members.items())
    count = _how_many_fit(lambda n: dict(pairs[:n]), total, budget)
    if count:
        following = slice_pointer(whole, base, first + count, first + total)
        return ValuePage(dict(pairs[:count]), count, total, "members", following, True)
    key, item = pairs[0]
    path = base + format_pointer((key,))
    piece = _digest_first(item, budget - json_tokens(key), path)
    following = slice_pointer(whole, base, first + 1, first + total) if total > 1 else path
    return ValuePage({key: piece.value}, 1, total, "members", following, True)


def _how_many_fit(first: Callable[[int], Json], total: int, budget: int) -> int:
    """Return the largest n below `total` for which `first(n)` fits the budget."""
    low, high = 0, 1
    while high < total and json_tokens_within(first(high), budget) is not None:
        low, high = high, high * 2
    high = min(high, total) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if json_tokens_within(first(middle), budget) is not None:
            low = middle
        else:
            high = middle - 1
    return low


def _rest(base: str, first: int, count: int, total: int) -> str:
    return f"{base}/{first + count}-{first + total}"


def _digest_first(value: Json, budget: int, path: str) -> Piece:
    builder = Builder()
    return fit_to_budget(lambda tried: builder.build(value, tried, path), budget - _BRACKET_TOKENS)


def _string_page(text: str, budget: int, base: str, first: int) -> ValuePage:
    shown = longest_start(text, budget)
    if len(shown) == len(text):
        return ValuePage(text, len(text), len(text), "characters", None, False)
    following = f"{base}/{first + len(shown)}-{first + len(text)}"
    return ValuePage(shown, len(shown), len(text), "characters", following, True)
