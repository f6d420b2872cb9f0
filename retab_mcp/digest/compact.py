"""Encode values as compact JSON, the form that answers are sent in, and measure them in it."""

import pydantic_core

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.safety.nodes import Container, Json, batches, containers_in

MAX_DEPTH = 60  # levels of nesting; encoders and parsers fail on values nested much deeper
# Characters per token. Only long runs of blanks have more, and those count as too big.
_MAX_TOKEN_LENGTH = 8
_MAX_VALUES_PER_TOKEN = 2  # `[],[]` is the densest JSON


def compact_json(value: Json) -> str:
    """Encode a value of at most MAX_DEPTH levels as compact JSON.

    NaN and infinities become strings. Raises PydanticSerializationError for a lone surrogate.
    """
    return pydantic_core.to_json(value, inf_nan_mode="strings").decode()


def json_tokens(value: Json) -> int:
    """Estimate the tokens of a value of at most MAX_DEPTH levels, encoded as compact JSON."""
    return estimate_tokens(compact_json(value))


def json_tokens_within(value: Json, limit: int) -> int | None:
    """Estimate the tokens of a value in compact JSON; return None if they exceed the limit.

    The time depends on the limit, not on the size of the value. A value nested deeper than
    MAX_DEPTH exceeds every limit.
    """
    if not _may_fit(value, limit):
        return None
    cost = json_tokens(value)
    return cost if cost <= limit else None


def _may_fit(value: Json, limit: int) -> bool:
    """Return whether a value may fit, visiting no more values and characters than could."""
    max_characters = limit * _MAX_TOKEN_LENGTH
    max_values = limit * _MAX_VALUES_PER_TOKEN
    characters = 0
    values = 0
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH):
        below: list[Json] = []
        for item in level:
            kind = type(item)
            if isinstance(item, str):
                characters += len(item)
            elif kind is list or kind is dict:
                values += len(item)
                if values > max_values:
                    return False
                if kind is list:
                    below += item
                else:
                    characters += sum(map(len, item))
                    below += item.values()
        if characters > max_characters:
            return False
        if not below:
            return True
        level = below
    return False


def count_leaves(value: Json) -> int:
    """Count scalars and empty containers in a value of any depth, in linear time."""
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
