"""Whether two values are the same value, written the same way or another."""

import re
from enum import IntEnum

from retab_mcp.analysis.lineage.matching.written_forms import dates, numbers
from retab_mcp.models import Json

# Values that occur by chance in many places: short words, small whole numbers, true and null.
_MIN_DISTINCTIVE_CHARS = 5
_MIN_DISTINCTIVE_CODE_CHARS = 4
_MIN_DISTINCTIVE_NUMBER = 1000
# The shortest text that is looked for within a longer one, and the longest that is searched.
_MIN_PART_CHARS = 5
_MAX_SEARCHED_CHARS = 20_000
_NUMBER_IN_TEXT = re.compile(r"(?<![\w.,])\d[\d.,'\u2019]*\d(?![\w])")


class Likeness(IntEnum):
    """How alike two values are."""

    WITHIN = 0
    REFORMATTED = 1
    EQUAL = 2


class Wanted:
    """A value to look for, read once in all the ways in which it can be written."""

    def __init__(self, value: Json) -> None:
        self.value = value
        self.distinctive = is_distinctive(value)
        self._numbers = numbers(value)
        self._dates = dates(value)
        self._folded = _folded(value)
        self._part = None
        if isinstance(value, str) and len(value.strip()) >= _MIN_PART_CHARS:
            self._part = re.compile(rf"(?<!\w){re.escape(value.strip())}(?!\w)", re.IGNORECASE)

    def likeness(self, other: Json) -> Likeness | None:
        """Return how alike `other` is, None if it is another value."""
        if same(self.value, other):
            return Likeness.EQUAL
        if isinstance(other, dict | list) or other is None or isinstance(other, bool):
            return None
        if self._folded is not None and self._folded == _folded(other):
            return Likeness.REFORMATTED
        if self._dates and self._dates & dates(other):
            return Likeness.REFORMATTED
        if self._numbers and self._numbers & numbers(other):
            return Likeness.REFORMATTED
        if self.distinctive and isinstance(other, str) and self._is_within(other):
            return Likeness.WITHIN
        return None

    def _is_within(self, text: str) -> bool:
        if len(text) > _MAX_SEARCHED_CHARS:
            return False
        if self._part is not None and self._part.search(text):
            return True
        if self._numbers and not isinstance(self.value, str):
            found = (numbers(match[0]) for match in _NUMBER_IN_TEXT.finditer(text))
            return any(self._numbers & each for each in found)
        return False


def same(value: Json, other: Json) -> bool:
    """Return whether two values are equal as JSON: 1 is 1.0, but not true."""
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    try:
        return bool(value == other)
    except RecursionError:
        # Values nested this deep are no fields that anybody traces.
        return False


def is_distinctive(value: Json) -> bool:
    """Return whether an equal value elsewhere is hardly a coincidence."""
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int):
        return abs(value) >= _MIN_DISTINCTIVE_NUMBER
    if isinstance(value, float):
        return abs(value) >= _MIN_DISTINCTIVE_NUMBER or len(f"{abs(value):.6f}".strip("0.")) >= 4
    if isinstance(value, str):
        text = value.strip()
        has_digit = any(char.isdigit() for char in text)
        return len(text) >= (_MIN_DISTINCTIVE_CODE_CHARS if has_digit else _MIN_DISTINCTIVE_CHARS)
    return bool(value)


def _folded(value: Json) -> str | None:
    return " ".join(value.split()).casefold() if isinstance(value, str) else None
