"""Decide whether two values mean the same though they are written differently."""

import re
from datetime import date, datetime

from retab_mcp.analysis.payloads.number_readings import number_readings
from retab_mcp.models import Json

_DATE_FORMATS = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%y"),
    *("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%d-%b-%Y", "%d. %B %Y", "%m/%d/%y"),
)
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}.*$")
_EMPTY_WORDS = frozenset(
    (
        "",
        "-",
        "--",
        "n/a",
        "na",
        "none",
        "null",
        "nil",
        "unknown",
        "tbd",
        "?",
        "keine",
        "nan",
        "undefined",
    )
)


def means_nothing(value: Json) -> bool:
    """Return whether a value is null, empty or a word for that, such as "n/a"."""
    if isinstance(value, str):
        return value.strip().lower() in _EMPTY_WORDS
    return value is None or value == [] or value == {}


def same_meaning(value: Json, other: Json) -> bool:
    """Return whether two values mean the same: as numbers, dates, or texts but for case and space.

    Objects and arrays must be equal. Two values that mean nothing are the same.
    """
    if value == other or (means_nothing(value) and means_nothing(other)):
        return True
    if isinstance(value, dict | list) or isinstance(other, dict | list):
        return False
    if set(number_readings(value)) & set(number_readings(other)):
        return True
    if isinstance(value, bool) or isinstance(other, bool):
        return str(value).lower() == str(other).strip().lower()
    if isinstance(value, str) and isinstance(other, str):
        return _folded(value) == _folded(other) or bool(_dates(value) & _dates(other))
    return False


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _dates(text: str) -> frozenset[date]:
    """Return the days that a text can mean."""
    bare = _TIME.sub("", text.strip())
    if not 6 <= len(bare) <= 20 or not any(character.isdigit() for character in bare):
        return frozenset()
    found = set()
    for form in _DATE_FORMATS:
        try:
            found.add(datetime.strptime(bare, form).date())
        except ValueError:
            continue
    return frozenset(found)
