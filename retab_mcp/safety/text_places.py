"""Name the places of texts in a value."""

from collections.abc import Iterator
from typing import Any

from retab_mcp.safety.clean import hidden_names
from retab_mcp.safety.nodes import Json


def texts_in(value: Json) -> Iterator[tuple[Any, str]]:
    """Yield each text and key of a value with its place."""
    left: list[tuple[Json, Any]] = [(value, None)]
    while left:
        item, place = left.pop()
        if isinstance(item, str):
            yield place, item
        elif isinstance(item, dict):
            for key in item:
                yield (place, key), key
            left += [(child, (place, key)) for key, child in reversed(item.items())]
        elif isinstance(item, list):
            left += [(child, (place, index)) for index, child in reversed(list(enumerate(item)))]


def pointer_to(place: Any) -> str:
    """Return the JSON Pointer of a place that `texts_in` yields."""
    tokens: list[str] = []
    while place is not None:
        place, token = place
        tokens.append(str(token).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{token}" for token in reversed(tokens))


def hidden_places(value: Json, limit: int) -> dict[str, str]:
    """Return the first `limit` texts that lost invisible characters, as `U+200B` by pointer."""
    found: dict[str, str] = {}
    for place, text in texts_in(value):
        if names := hidden_names(text):
            found[pointer_to(place)] = ", ".join(names)
            if len(found) == limit:
                break
    return found
