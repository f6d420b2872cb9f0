"""Compare values that differ only in characters which cleaning removed."""

from collections.abc import Iterator

from retab_mcp.safety.clean import CleanedText, hidden_names, removed_from, same_text
from retab_mcp.safety.nodes import Container, Json, batches, containers_in

__all__ = ["hidden_difference", "hidden_in", "hidden_names", "holds_hidden", "same_text"]


def hidden_difference(value: Json, other: Json, names: tuple[str, str]) -> str | None:
    """Name the invisible characters that one of two equal texts had and the other did not.

    `names` are the names of the two, as in "actual contains U+200B". None if nothing differs.
    """
    if value != other or removed_from(value) == removed_from(other):
        return None
    sides = zip(names, (hidden_names(value), hidden_names(other)), strict=True)
    found = [f"{name} contains {', '.join(hidden)}" for name, hidden in sides if hidden]
    return "; ".join(found) or None


def holds_hidden(value: Json) -> bool:
    """Return whether any text in a value lost characters when it was cleaned."""
    level: list[Container] = containers_in([value])
    if not level:
        return type(value) is CleanedText
    while level:
        below: list[Container] = []
        for batch in batches(level):
            if CleanedText in set(map(type, batch)):
                return True
            below += containers_in(batch)
        level = below
    return False


def hidden_in(value: Json) -> tuple[tuple[int, object], ...]:
    """Return the characters that texts in a value lost, with the position of each text."""
    return tuple(
        (number, text.removed)
        for number, text in enumerate(_scalars(value))
        if isinstance(text, CleanedText)
    )


def _scalars(value: Json) -> Iterator[Json]:
    left = [value]
    while left:
        found = left.pop()
        if isinstance(found, dict):
            left += reversed(found.values())
        elif isinstance(found, list):
            left += reversed(found)
        else:
            yield found
