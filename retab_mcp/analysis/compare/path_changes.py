"""Differences between two outputs by path, short enough to be shown."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from retab_mcp.analysis.compare.json_diff import Change, differences
from retab_mcp.analysis.summary import short
from retab_mcp.models import Json

# Maximum changes counted in one value; beyond it, the values are just different.
MAX_CHANGES = 2_000
# Maximum paths listed for one value; rows of an array count as one.
MAX_PATHS = 20
# Tokens of a changed value; get_step has all of it.
VALUE_TOKENS = 40
# A text of at most this many characters is never cut, so its tokens need not be counted.
SHORT_TEXT = 60


@dataclass(frozen=True, slots=True)
class PathChange:
    """A change at one path, in `count` rows if the path is inside an array.

    `change` is the first of them, with short values.
    """

    change: Change
    count: int


def path_changes(value: Json, other: Json) -> tuple[PathChange, ...]:
    """Return the differences between two values, rows of an array as one, at most MAX_PATHS."""
    first: dict[object, Change] = {}
    counts: Counter[object] = Counter()
    for change in islice(differences(value, other), MAX_CHANGES):
        key = change.kind, change.folded
        first.setdefault(key, change)
        counts[key] += 1
    return tuple(
        PathChange(_to_show(change), counts[key])
        for key, change in islice(first.items(), MAX_PATHS)
    )


def _to_show(change: Change) -> Change:
    # `replace` would take three times as long, and this runs for each changed step.
    value, other = _shown(change.value), _shown(change.other)
    return Change(change.kind, change.place, change.other_place, value, other)


def _shown(value: Json) -> Json:
    if isinstance(value, dict | list) or (isinstance(value, str) and len(value) > SHORT_TEXT):
        return short(value, VALUE_TOKENS)
    return value
