"""How many items a loop was given, and how many its output has."""

from collections.abc import Iterable, Sequence

from retab_mcp.models import Json

# Objects around a list of items that are looked into: a payload, and a field of it.
MAX_DEPTH = 3


def lists_in(values: Iterable[Json]) -> list[list[Json]]:
    """Return the arrays in values that no other array contains, the outermost first."""
    found: list[list[Json]] = []
    level = list(values)
    for _ in range(MAX_DEPTH):
        found += [value for value in level if isinstance(value, list)]
        level = [child for value in level if isinstance(value, dict) for child in value.values()]
    return found


def given_items(
    inputs: Sequence[Json], examples: Sequence[tuple[int, Sequence[Json]]]
) -> list[Json] | None:
    """Return the array that a loop ran over, None where it is not known.

    `inputs` are what the loop received, `examples` the inputs of steps inside it with their
    iteration. With examples it is the array whose items they received; without, the only array, if
    it is all that the loop received or has records.
    """
    lists = lists_in(inputs)
    known = [(number, values) for number, values in examples if values]
    if known:
        fitting = [
            items
            for items in lists
            if all(_is_item(items, number, values) for number, values in known)
        ]
        return fitting[0] if len(set(map(len, fitting))) == 1 else None
    if len(inputs) != 1 or len(lists) != 1:
        return None
    is_whole = isinstance(inputs[0], list) or len(inputs[0]) == 1
    has_records = all(isinstance(item, dict) for item in lists[0])
    return lists[0] if is_whole or has_records else None


def _is_item(items: list[Json], number: int, values: Sequence[Json]) -> bool:
    """Return whether one of the values is, or contains, the item of this iteration."""
    if number >= len(items):
        return False
    item = items[number]
    return any(value == item or _holds(value, item) for value in values)


def _holds(value: Json, item: Json) -> bool:
    """Return whether an object has the item as a field, or all fields of the item."""
    if not isinstance(value, dict):
        return False
    is_part = (
        isinstance(item, dict)
        and item
        and all(name in value and value[name] == field for name, field in item.items())
    )
    return bool(is_part) or item in value.values()
