"""Answers of many rows, and how many of them fit."""

from collections.abc import Sequence
from typing import TypeVar

import pydantic_core

from retab_mcp.answers.common.answer import LONG_BUDGET, Answer, Part
from retab_mcp.digest.budget import estimate_tokens

P = TypeVar("P", bound=Part)


class RowsAnswer(Answer):
    """An answer of rows, which may be long where the caller asked for many."""

    _asked_for_many: bool = False

    @property
    def budget(self) -> int:
        return LONG_BUDGET if self._asked_for_many else super().budget


def fitting(rows: Sequence[P], budget: int) -> list[P]:
    """Return the first rows that fit `budget` tokens (by estimate) together; always one."""
    used = 0
    for count, row in enumerate(rows):
        used += estimate_tokens(pydantic_core.to_json(row.model_dump()).decode())
        if used > budget and count:
            return list(rows[:count])
    return list(rows)
