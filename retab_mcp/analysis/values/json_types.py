"""Read JSON of unknown shape: the part of the expected type, or an empty value of that type."""

from collections.abc import Iterator

from retab_mcp.models import Json


def as_dict(value: Json) -> dict[str, Json]:
    """Return `value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_dicts(value: Json) -> list[dict[str, Json]]:
    """Return the objects in `value` if it is a list, else none."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def as_text(value: Json) -> str:
    """Return `value` if it is text, else an empty string."""
    return value if isinstance(value, str) else ""


def json_type(value: Json) -> str:
    """Return the JSON type of `value`: null, boolean, number, string, array or object."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def plain_values(value: Json) -> Iterator[Json]:
    """Yield the values in `value` that hold no others; nesting may have any depth."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left += one.values()
        elif isinstance(one, list):
            left += one
        else:
            yield one
