"""Names that are likely meant for one another: status and state, total and total_amount."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

# Words of field names that are used for the same thing.
_SYNONYMS = (
    frozenset({"status", "state", "phase", "stage", "lifecycle", "outcome", "result"}),
    frozenset({"total", "amount", "sum", "value", "gross"}),
    frozenset({"id", "identifier", "key", "number", "no", "nr", "ref", "reference", "code"}),
    frozenset({"type", "kind", "category", "class"}),
    frozenset({"name", "label", "title"}),
    frozenset({"count", "number", "quantity", "qty", "size", "length"}),
    frozenset({"error", "errors", "message", "reason"}),
    frozenset({"date", "day", "time", "at", "timestamp"}),
    frozenset({"supplier", "vendor", "seller"}),
    frozenset({"customer", "client", "buyer"}),
    frozenset({"items", "lines", "rows", "entries", "positions", "results"}),
    frozenset({"done", "finished", "complete", "completed", "ready", "success"}),
)
# Similarity from 0 to 1 of two names that differ by a typing error.
_ALIKE = 0.84
# Names that are compared; objects with more are maps, not records.
_MAX_NAMES = 200


def near_names(name: str, others: Iterable[str]) -> list[str]:
    """Return which of `others` are near to `name`, the nearest first."""
    ranked = [
        (rank, number, other)
        for number, other in enumerate(list(others)[:_MAX_NAMES])
        if other != name and (rank := _distance(name, other)) is not None
    ]
    return [other for _, _, other in sorted(ranked)]


def _distance(name: str, other: str) -> int | None:
    """Return how far two names are apart, 0 the nearest; None where they are not near."""
    words, others = _words(name), _words(other)
    if not words or not others:
        return None
    if "".join(words) == "".join(others):
        return 0
    if SequenceMatcher(None, "".join(words), "".join(others)).ratio() >= _ALIKE:
        return 1
    if set(words) < set(others) or set(others) < set(words):
        return 2
    left, right = set(words) - set(others), set(others) - set(words)
    if len(left) == len(right) == 1 and any(
        left <= group and right <= group for group in _SYNONYMS
    ):
        return 3
    return None


def _words(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return [word.casefold() for word in re.split(r"[\W_]+", spaced) if word]
