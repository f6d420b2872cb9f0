"""Fits any JSON value into a budget of tokens: the small stands whole, the rest as its shape."""

from collections.abc import Callable
from typing import Any, NamedTuple

from retab_mcp.digest.build import Builder, Piece
from retab_mcp.digest.encode import count_leaves, tokens_within

Json = Any

LOWEST_BUDGET = 24  # tokens; a marker with a pointer's worth of facts takes so many
_MOST_TRIES = 5
_FULL_ENOUGH = 0.8  # of the budget; a digest that uses less is tried once more with more room


class Digest(NamedTuple):
    """A value in few tokens. `shown` and `total` count leaves: scalars and empty containers."""

    value: Json
    shown: int
    total: int
    truncated: bool
    omitted: tuple[str, ...]


def digest(value: Json, budget: int, pointer: str = "", *, derived: bool = False) -> Digest:
    """Return the value whole where it fits the budget, else as much of it as fits.

    Takes sanitized JSON and a budget in tokens by estimate (LOWEST_BUDGET at least). What does not
    fit becomes a marker `{"$shape": "array" | "object" | "string", …}` with length, shape, first
    and last items and outliers; the deepest and largest values give way first. `omitted` are
    pointers to what was left out, largest first, under `pointer`, where the value itself lies.
    A `derived` value is no part of a record, and its digest holds no pointers.
    """
    budget = max(budget, LOWEST_BUDGET)
    total = count_leaves(value)
    if tokens_within(value, budget) is not None:
        return Digest(value, total, total, False, ())
    builder = Builder(derived)
    piece = fit(lambda room: builder.build(value, room, pointer), budget)
    omitted = tuple(path for _, path in sorted(piece.omitted, key=lambda left: -left[0]))
    return Digest(piece.value, piece.shown, total, True, omitted)


def fit(build: Callable[[int], Piece], budget: int) -> Piece:
    """Build with more or less room until the outcome fits the budget and fills it well."""
    room = budget
    best: Piece | None = None
    best_tokens = -1
    for _ in range(_MOST_TRIES):
        piece = build(room)
        tokens = tokens_within(piece.value, budget * 4) or budget * 4
        if best_tokens < tokens <= budget:
            best, best_tokens = piece, tokens
        if budget * _FULL_ENOUGH <= tokens <= budget:
            break
        room = max(8, int(room * budget / max(tokens, 1) * 0.95))
    return best if best is not None else Piece("…", 0, [(1, "")])
