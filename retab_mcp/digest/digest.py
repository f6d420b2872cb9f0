"""Fit any JSON value into a budget of tokens: small values whole, large ones as their shape."""

from collections.abc import Callable
from typing import NamedTuple

from retab_mcp.digest.build import Builder, Piece
from retab_mcp.digest.compact import count_leaves, json_tokens_within
from retab_mcp.safety.nodes import Json

MIN_BUDGET = 24  # tokens of the smallest useful marker
_MAX_TRIES = 5
_MIN_USED = 0.8  # of the budget; a digest that uses less is built again with more


class Digest(NamedTuple):
    """A value in few tokens.

    `shown` and `total` count leaves (scalars and empty containers). `omitted` are pointers to what
    was left out, largest first.
    """

    value: Json
    shown: int
    total: int
    truncated: bool
    omitted: tuple[str, ...]


def digest(value: Json, budget: int, pointer: str = "", *, derived: bool = False) -> Digest:
    """Return the value itself if it fits the budget, else as much of it as fits.

    `value` is sanitized JSON; `budget` is in tokens by estimate, at least MIN_BUDGET. A part that
    does not fit becomes a marker `{"$shape": "array" | "object" | "string", …}` with length, shape,
    first and last items and outliers; the deepest and largest parts are cut first. `pointer` is
    where the value is in its record; all pointers start with it. The digest of a `derived` value,
    which is not part of a record, names no outliers.
    """
    budget = max(budget, MIN_BUDGET)
    total = count_leaves(value)
    if json_tokens_within(value, budget) is not None:
        return Digest(value, total, total, False, ())
    builder = Builder(derived)
    piece = fit_to_budget(lambda tried: builder.build(value, tried, pointer), budget)
    omitted = tuple(path for _, path in sorted(piece.omitted, key=lambda left: -left[0]))
    return Digest(piece.value, piece.shown, total, True, omitted)


def fit_to_budget(build: Callable[[int], Piece], budget: int) -> Piece:
    """Build pieces for larger or smaller budgets until one fits `budget` and uses most of it."""
    tried = budget
    best: Piece | None = None
    best_cost = -1
    for _ in range(_MAX_TRIES):
        piece = build(tried)
        cost = json_tokens_within(piece.value, budget * 4) or budget * 4
        if best_cost < cost <= budget:
            best, best_cost = piece, cost
        if budget * _MIN_USED <= cost <= budget:
            break
        tried = max(8, int(tried * budget / max(cost, 1) * 0.95))
    return best if best is not None else Piece("…", 0, [(1, "")])
