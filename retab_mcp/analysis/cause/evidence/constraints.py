"""Check whether a value is what a complaint complains about."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from retab_mcp.models import Json


class Missing:
    """Stands for a field that was not sent."""


MISSING = Missing()

_NUMBER = r"(-?\d+(?:\.\d+)?)"
_ABSENT = re.compile(
    r"\b(?:missing|required|mandatory|null|empty|blank|not (?:be )?(?:set|given|provided|present)"
    r"|fehlt|pflichtfeld|leer|manquante?|obligatoire|vide|falta|obligatori[oa]|vac[ií][oa]"
    r"|mancante|vuot[oa])\b",
    re.IGNORECASE,
)
_POSITIVE = re.compile(r"\b(?:must|should|has to) be (?:strictly )?positive|positive number", re.I)
_NOT_NEGATIVE = re.compile(r"\bnon-?negative|not (?:be )?negative", re.I)
# Each pattern holds a bound; its function says whether a number violates the complaint.
_BOUNDS: tuple[tuple[re.Pattern[str], Callable[[float, float], bool]], ...] = (
    (
        re.compile(
            r"(?:must|should|has to|muss|doit|debe) "
            r"(?:exceed|be (?:greater|more|larger|higher) than|be above|größer als"
            r"|être supérieure? à|ser mayor que)"
            rf"(?! or equal) {_NUMBER}|> ?(?!=){_NUMBER}",
            re.I,
        ),
        lambda value, bound: value <= bound,
    ),
    (
        re.compile(
            rf"(?:at least|minimum(?: of| is)?|not (?:be )?(?:less|lower|smaller) than"
            rf"|greater than or equal to|mindestens|au moins|al menos) {_NUMBER}|>= ?{_NUMBER}",
            re.I,
        ),
        lambda value, bound: value < bound,
    ),
    (
        re.compile(
            rf"(?:must|should|has to) be (?:less|lower|smaller) than(?! or equal) {_NUMBER}"
            rf"|(?:must|should) be (?:below|under) {_NUMBER}|< ?(?!=){_NUMBER}",
            re.I,
        ),
        lambda value, bound: value >= bound,
    ),
    (
        re.compile(
            rf"(?:at most|not (?:be )?(?:exceed|greater than|more than|larger than)|no more than"
            rf"|less than or equal to|höchstens|au plus|como máximo) {_NUMBER}|<= ?{_NUMBER}"
            rf"|exceeds (?:the )?(?:maximum|max|limit)(?: value)?(?: of)? {_NUMBER}",
            re.I,
        ),
        lambda value, bound: value > bound,
    ),
)
_LENGTH = re.compile(
    rf"(?:max(?:imum)? length|longer than|length (?:must )?(?:not|at most)\D{{0,20}}|at most"
    rf"|no more than)\W{{0,10}}{_NUMBER}(?: characters?| chars?|$)",
    re.I,
)
_MUST_BE = r"(?:must|should) be (?:an? )?"
_NOT_OF = r"not of type .?"
_TYPES: tuple[tuple[re.Pattern[str], tuple[type, ...]], ...] = tuple(
    (re.compile(rf"{_MUST_BE}(?:{words})|valid (?:{words})|{_NOT_OF}(?:{words})\b", re.I), types)
    for words, types in (
        ("integer|whole number", (int,)),
        ("number|numeric|decimal", (int, float)),
        ("string|text", (str,)),
        ("boolean|bool", (bool,)),
        ("array|list", (list,)),
    )
)
_DATE = re.compile(r"\b(?:date|datetime|iso ?8601|datum|fecha)\b", re.I)
_MAIL = re.compile(r"\be-?mail\b", re.I)
# What a message says that it got: "got 'x'", "received: 12", and anything quoted.
_GOT = re.compile(r"(?:got|received|found|was|actual|value)\W{1,3}([^\s,;)]+)", re.I)
_QUOTED = re.compile(r"'([^'\n]{1,80})'|\"([^\"\n]{1,80})\"|`([^`\n]{1,80})`")


def violates(value: Json | Missing, text: str) -> bool | None:
    """Return whether `text` complains about `value`; None where that cannot be told."""
    if _ABSENT.search(text):
        return isinstance(value, Missing) or value in (None, "", [], {})
    if isinstance(value, Missing):
        return None
    verdicts = (check(value, text) for check in (_named, _by_number, _by_form))
    return next((verdict for verdict in verdicts if verdict is not None), None)


def _named(value: Json, text: str) -> bool | None:
    """Return True if the text quotes the value."""
    if value is None or isinstance(value, dict | list | bool) or value == "":
        return None
    quoted = {part for parts in _QUOTED.findall(text) for part in parts if part}
    quoted |= {found.strip("'\"`.") for found in _GOT.findall(text)}
    return True if str(value) in quoted else None


def _by_number(value: Json, text: str) -> bool | None:
    number = _as_number(value)
    if _POSITIVE.search(text):
        return None if number is None else number <= 0
    if _NOT_NEGATIVE.search(text):
        return None if number is None else number < 0
    if isinstance(value, str) and (length := _LENGTH.search(text)):
        return len(value) > float(length[1])
    for pattern, breaks in _BOUNDS:
        found = pattern.search(text)
        bound = next((part for part in found.groups() if part), None) if found else None
        if bound is not None and number is not None:
            return breaks(number, float(bound))
    return None


def _by_form(value: Json, text: str) -> bool | None:
    for pattern, types in _TYPES:
        if pattern.search(text):
            is_bool = isinstance(value, bool) and bool not in types
            return is_bool or not isinstance(value, types)
    if _DATE.search(text):
        return not _is_date(value)
    if _MAIL.search(text):
        return not (isinstance(value, str) and re.fullmatch(r"\S+@\S+\.\S+", value))
    return None


def stands_out(value: Json | Missing, others: Sequence[Json | Missing]) -> bool:
    """Return whether `value` differs in kind from nearly all of `others`: null, zero, a text."""
    same = sum(_sort(value) == _sort(other) for other in others)
    return len(others) > 2 and same * 5 < len(others)


def _sort(value: Json | Missing) -> str:
    if isinstance(value, Missing):
        return "missing"
    if value in (None, "", [], {}) and not isinstance(value, bool | int | float):
        return "empty"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "positive" if value > 0 else "not positive"
    return type(value).__name__


def _as_number(value: Json) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _is_date(value: Json) -> bool:
    if not isinstance(value, str):
        return False
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            read(value)
        except ValueError:
            continue
        return True
    return False
