"""How many rows of a table fit into an answer."""

from collections.abc import Sequence
from typing import TypeVar

import pydantic_core

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.tools.answer import Part

P = TypeVar("P", bound=Part)


def fitting(rows: Sequence[P], budget: int) -> list[P]:
    """Return the first rows that fit `budget` tokens (by estimate) together; always one."""
    used = 0
    for count, row in enumerate(rows):
        used += estimate_tokens(pydantic_core.to_json(row.model_dump()).decode())
        if used > budget and count:
            return list(rows[:count])
    return list(rows)
