"""Drop detail from the description of a shape until it fits a budget of tokens."""

from collections.abc import Callable

from retab_mcp.digest.compact import json_tokens_within
from retab_mcp.safety.nodes import Json

_MIN_BUDGET = 4  # tokens; less holds no useful description


def simplify(description: Json, budget: int) -> Json | None:
    """Return a shape's description with as much detail as fits `budget` tokens, else None.

    Listed values are dropped first, then ranges, then counts and deeper levels, then the types of
    keys.
    """
    if budget < _MIN_BUDGET:
        return None
    steps: tuple[Callable[[], Json], ...] = (
        lambda: description,
        lambda: _without(description, ("values",)),
        lambda: _without(description, ("values", "min", "max", "length")),
        lambda: _types_only(description, 4),
        lambda: _types_only(description, 2),
        lambda: _key_names(description),
        lambda: _type(description),
    )
    for step in steps:
        simpler = step()
        if json_tokens_within(simpler, budget) is not None:
            return simpler
    return None


def _without(description: Json, names: tuple[str, ...]) -> Json:
    if not isinstance(description, dict):
        return description
    result: dict[str, Json] = {}
    for name, value in description.items():
        if name == "keys":
            result[name] = {key: _without(item, names) for key, item in value.items()}
        elif name in ("items", "map_of"):
            result[name] = _without(value, names)
        elif name not in names:
            result[name] = value
    return result["type"] if list(result) == ["type"] else result


def _types_only(description: Json, depth: int) -> Json:
    if not isinstance(description, dict) or not depth:
        return _type(description)
    for name in ("items", "map_of"):
        if name in description:
            return {"type": _type(description), name: _types_only(description[name], depth - 1)}
    if "keys" in description:
        keys = {key: _types_only(item, depth - 1) for key, item in description["keys"].items()}
        return {"type": _type(description), "keys": keys}
    return _type(description)


def _key_names(description: Json) -> Json:
    if isinstance(description, dict) and "keys" in description:
        return {"type": _type(description), "keys": list(description["keys"])}
    return _type(description)


def _type(description: Json) -> Json:
    if not isinstance(description, dict):
        return description
    return description["type"] if "type" in description else " or ".join(description["types"])
