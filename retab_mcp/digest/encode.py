"""The compact JSON by which sizes are judged: the same form in which an answer is sent."""

from typing import Any

import pydantic_core

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.safety.columns import Container, batches, containers_in

Json = Any

DEEPEST = 60  # levels of nesting; encoders and readers both give up on more
_WIDEST_TOKEN = 8  # characters; a text with more per token is runs of blanks, judged as too big
_MOST_VALUES_PER_TOKEN = 2  # `[],[]` is the densest that JSON gets


def encode(value: Json) -> str:
    """Return compact JSON, NaN and infinities as strings. At most DEEPEST levels deep."""
    return pydantic_core.to_json(value, inf_nan_mode="strings").decode()


def tokens(value: Json) -> int:
    """Return the estimated tokens of a value in JSON. At most DEEPEST levels deep."""
    return estimate_tokens(encode(value))


def tokens_within(value: Json, limit: int) -> int | None:
    """Return the estimated tokens of a value in JSON, None where they are more than the limit.

    Takes time by the limit, not by the size of the value. A value nested too deep to be encoded
    counts as too big.
    """
    if not _is_within(value, limit):
        return None
    taken = tokens(value)
    return taken if taken <= limit else None


def _is_within(value: Json, limit: int) -> bool:
    """Look at no more values and characters than could fit."""
    most_characters = limit * _WIDEST_TOKEN
    most_values = limit * _MOST_VALUES_PER_TOKEN
    characters = 0
    values = 0
    level: list[Json] = [value]
    for _ in range(DEEPEST):
        below: list[Json] = []
        for item in level:
            kind = type(item)
            if kind is str:
                characters += len(item)
            elif kind is list or kind is dict:
                values += len(item)
                if values > most_values:
                    return False
                if kind is list:
                    below += item
                else:
                    characters += sum(map(len, item))
                    below += item.values()
        if characters > most_characters:
            return False
        if not below:
            return True
        level = below
    return False


def count_leaves(value: Json) -> int:
    """Count scalars and empty containers in a value, however deep, in linear time."""
    if not isinstance(value, dict | list):
        return 1
    leaves = 0 if value else 1
    level: list[Container] = [value]
    while level:
        below: list[Container] = []
        for batch in batches(level):
            inner = [item for item in containers_in(batch) if item]
            leaves += len(batch) - len(inner)
            below += inner
        level = below
    return leaves
