"""One part of a value after another: whole items or characters, and the path of the next part."""

import re
from typing import Any, NamedTuple

from retab_mcp.digest.build import Builder
from retab_mcp.digest.digest import LOWEST_BUDGET, digest, fit
from retab_mcp.digest.encode import tokens_within
from retab_mcp.digest.text import longest_start

Json = Any

_SLICE_AT_END = re.compile(r"/([0-9]+)-([0-9]+)\Z")
_ROOM_FOR_BRACKETS = 4


class Page(NamedTuple):
    """A part of a value; `shown` of `total` are counted in `unit`.

    The units: items of an array, characters of a string, values (leaves) of an object. `next_path`
    leads to what follows, None where nothing does.
    """

    value: Json
    shown: int
    total: int
    unit: str
    next_path: str | None
    truncated: bool


def page(value: Json, budget: int, pointer: str = "", start: int | None = None) -> Page:
    """Return as much of a value, from its beginning, as fits a budget of tokens by estimate.

    `pointer` and `start` are those of a Resolved: where the value is a slice, the place of its
    first item in the whole array or string. Arrays give whole items (one too large for a page is
    digested), strings characters, objects their members, the largest digested; scalars are whole.
    """
    budget = max(budget, LOWEST_BUDGET)
    base, first = _origin(value, pointer, start)
    if isinstance(value, list):
        return _array_page(value, budget, base, first)
    if isinstance(value, str):
        return _string_page(value, budget, base, first)
    part = digest(value, budget, pointer)
    following = part.omitted[0] if part.omitted else None
    return Page(part.value, part.shown, part.total, "values", following, part.truncated)


def _origin(value: Json, pointer: str, start: int | None) -> tuple[str, int]:
    """Return the pointer of the whole of which the value may be a slice, and where it begins."""
    bounds = _SLICE_AT_END.search(pointer)
    if bounds and isinstance(value, list | str) and start is not None:
        begin, end = int(bounds[1]), int(bounds[2])
        if begin == start and end - begin == len(value):
            return pointer[: bounds.start()], start
    return pointer, 0


def _array_page(items: list[Json], budget: int, base: str, first: int) -> Page:
    total = len(items)
    if tokens_within(items, budget) is not None:
        return Page(items, total, total, "items", None, False)
    left = budget - _ROOM_FOR_BRACKETS
    shown: list[Json] = []
    for item in items:
        cost = tokens_within(item, left)
        if cost is None:
            break
        shown.append(item)
        left -= cost + 1
    while shown and tokens_within(shown, budget) is None:
        shown.pop()
    following = f"{base}/{first + len(shown)}-{first + total}"
    if shown:
        return Page(shown, len(shown), total, "items", following, True)
    builder = Builder()
    path = f"{base}/{first}"
    piece = fit(lambda room: builder.build(items[0], room, path), budget - _ROOM_FOR_BRACKETS)
    following = f"{base}/{first + 1}-{first + total}" if total > 1 else path
    return Page([piece.value], 1, total, "items", following, True)


def _string_page(text: str, budget: int, base: str, first: int) -> Page:
    if tokens_within(text, budget) is not None:
        return Page(text, len(text), len(text), "characters", None, False)
    shown = longest_start(text, budget)
    following = f"{base}/{first + len(shown)}-{first + len(text)}"
    return Page(shown, len(shown), len(text), "characters", following, True)
