"""Show fields of an answer that a view has no words for, so that nothing gets lost."""

from collections.abc import Iterator, Mapping
from typing import Any

from retab_mcp.cli.page.amounts import plain
from retab_mcp.cli.page.parts import Code, Fact, Line, Words
from retab_mcp.digest.spoken_times import spoken_ms

# What an assistant needs and a person does not.
_FOR_ASSISTANTS = frozenset({"next_calls", "untrusted_text", "run_id", "truncated"})
# Deeper values are shown as JSON.
_MAX_LEVELS = 3
_MS = "_ms"
# Longer texts of a list have a line each.
_MAX_LISTED = 40


def rest_of(fields: Mapping[str, Any], shown: set[str]) -> list[Fact]:
    """Return a fact for each field that is not in `shown`."""
    return [
        Fact(label(name), list(lines_of(value, name)))
        for name, value in fields.items()
        if name not in shown | _FOR_ASSISTANTS
    ]


def label(name: str) -> str:
    """Return the name of a field as a label."""
    return name.removesuffix(_MS).replace("_", " ").capitalize()


def lines_of(value: Any, name: str = "") -> Iterator[Line]:
    """Yield a line for each value in an object or array, after its path."""
    if not isinstance(value, dict | list) or not value:
        yield (_value(value, name),)
        return
    for path, leaf in _leaves(value, "", _MAX_LEVELS):
        shown = path.removesuffix(_MS)
        yield (Words(f"{shown} = "), _value(leaf, path)) if path else (_value(leaf, path),)


def _value(value: Any, name: str) -> Words | Code:
    if name.endswith(_MS) and isinstance(value, int | float) and not isinstance(value, bool):
        return Words(spoken_ms(round(value)))
    return Code(plain(value))


def _leaves(value: Any, path: str, levels: int) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value and levels:
        for key, child in value.items():
            yield from _leaves(child, f"{path}.{key}" if path else str(key), levels - 1)
    elif isinstance(value, list) and value and levels and not _is_short(value):
        for number, child in enumerate(value):
            yield from _leaves(child, f"{path}[{number}]", levels - 1)
    else:
        yield path, ", ".join(map(plain, value)) if _is_short(value) else value


def _is_short(value: Any) -> bool:
    """Return whether the value is a list of plain values, which fits on a line."""
    return (
        isinstance(value, list)
        and bool(value)
        and not any(isinstance(each, dict | list) for each in value)
        and all(len(plain(each)) <= _MAX_LISTED for each in value)
    )
