"""Answers with rows, cut to a limit and a budget."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pydantic_core

from retab_mcp.answers.common.answer import LONG_BUDGET, Answer, Part, Truncated
from retab_mcp.digest.budget import estimate_tokens

P = TypeVar("P", bound=Part)

# Maximum rows shown beyond the limit because `truncated` would take more tokens than they do.
SPARE_ROWS = 12


class RowsAnswer(Answer):
    """An answer with rows; its budget is larger if the caller asked for many."""

    _asked_for_many: bool = False

    @property
    def budget(self) -> int:
        return LONG_BUDGET if self._asked_for_many else super().budget


def fitting(
    rows: Sequence[P],
    budget: int,
    *,
    limit: int | None = None,
    left: int,
    cut: Callable[[int], Truncated | None],
) -> list[P]:
    """Return the first rows: at most `limit`, within `budget` estimated tokens, at least one.

    If `truncated` would take more tokens than the remaining rows, all rows are returned. `rows` are
    the first of `left` rows in all; SPARE_ROWS beyond the limit are enough. `cut` returns the
    `truncated` for a given number of shown rows.
    """
    count = _count_within(rows[:limit], budget)
    if count < left == len(rows):
        named = _length([cut(count)]) - _length([cut(left)])
        if _length(rows[count:]) <= named:
            return list(rows)
    return list(rows[:count])


def _count_within(rows: Sequence[Part], budget: int) -> int:
    used = 0
    for count, row in enumerate(rows):
        used += estimate_tokens(_json(row))
        if used > budget and count:
            return count
    return len(rows)


def _length(parts: Sequence[Part | None]) -> int:
    """Return the characters that the parts take as JSON, with a comma each."""
    return sum(len(_json(part)) + 1 for part in parts if part is not None)


def _json(part: Part) -> str:
    return pydantic_core.to_json(part.model_dump()).decode()
