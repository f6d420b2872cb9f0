"""The numbers and dates that a text can mean, in any usual locale."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from retab_mcp.models import Json

# Amounts and dates are short; a longer text is prose.
_MAX_CHARS = 40
_NUMBER = re.compile(
    r"(?P<sign>[-+\u2212(]?)\s*(?:[A-Z]{3}|[€$£¥₹])?\s*(?P<sign2>[-+\u2212]?)"
    r"(?P<digits>\d[\d.,'\u2019\u00a0\u202f ]*)\s*(?P<percent>%?)\s*(?:[A-Z]{3}|[€$£¥₹])?"
    r"\s*(?P<after>[-)]?)"
)
_GROUPS = re.compile(r"[\s'\u2019\u00a0\u202f]")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})(?:[T ,].*)?")
_WORDED = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º)?\s*(?:de\s+)?(?P<month>[^\W\d]{3,})")
_WORDED_FIRST = re.compile(r"(?P<month>[^\W\d]{3,})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?\b")
_YEAR = re.compile(r"\b(\d{4})\b")
# Beginnings of the names of months in English, German, French, Spanish, Italian, Dutch, Portuguese.
_MONTHS = (
    *(("jan", "jän", "ene", "gen"), ("feb", "fév", "fev"), ("mar", "mär", "maa", "mrt")),
    *(("apr", "avr", "abr"), ("may", "mai", "mag", "mei"), ("jun", "juin", "giu")),
    *(("jul", "juil", "lug"), ("aug", "aoû", "ago"), ("sep", "set"), ("oct", "okt", "out", "ott")),
    *(("nov",), ("dec", "dez", "déc", "dic")),
)


def numbers(value: Json) -> frozenset[Decimal]:
    """Return the numbers that `value` can mean: several for "1.234", none for prose."""
    if isinstance(value, bool):
        return frozenset()
    if isinstance(value, int | float):
        return _decimals(repr(value))
    if not isinstance(value, str) or len(value) > _MAX_CHARS:
        return frozenset()
    found = _NUMBER.fullmatch(value.strip())
    if found is None:
        return frozenset()
    negative = found["sign"] in ("-", "\u2212") or found["sign2"] in ("-", "\u2212")
    negative = negative or found["after"] == "-" or (found["sign"] == "(" and found["after"] == ")")
    read = {number for text in _plain(found["digits"]) for number in _decimals(text)}
    if found["percent"]:
        read |= {number / 100 for number in read}
    return frozenset(-number if negative else number for number in read)


def dates(value: Json) -> frozenset[date]:
    """Return the days that a text can mean: two for "03/04/2026", none for other texts."""
    if not isinstance(value, str) or not 6 <= len(value) <= _MAX_CHARS:
        return frozenset()
    text = value.strip()
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        return _days((year, month, day))
    if found := _NUMERIC.fullmatch(text):
        first, second, year = (int(part) for part in found.groups())
        year += 2000 if year < 100 else 0
        return _days((year, second, first), (year, first, second))
    years = _YEAR.search(text)
    worded = _WORDED.search(text) or _WORDED_FIRST.search(text)
    if years is None or worded is None:
        return frozenset()
    number = _month_number(worded["month"])
    return _days((int(years[1]), number, int(worded["day"]))) if number else frozenset()


def _month_number(word: str) -> int | None:
    folded = word.casefold()
    matches = [
        (len(beginning), number)
        for number, beginnings in enumerate(_MONTHS, 1)
        for beginning in beginnings
        if folded.startswith(beginning)
    ]
    return max(matches)[1] if matches else None


def _days(*parts: tuple[int, int, int]) -> frozenset[date]:
    found = set()
    for year, month, day in parts:
        try:
            found.add(date(year, month, day))
        except ValueError:
            continue
    return frozenset(found)


def _plain(digits: str) -> list[str]:
    """Return the readings of digits with separators, each with a decimal point at most."""
    text = _GROUPS.sub("", digits).rstrip(".,")
    points, commas = text.count("."), text.count(",")
    if points and commas:
        decimal = "." if text.rfind(".") > text.rfind(",") else ","
        grouping = "," if decimal == "." else "."
        return [text.replace(grouping, "").replace(decimal, ".")]
    separator = "." if points else ","
    if points + commas > 1:
        return [text.replace(separator, "")]
    if points + commas == 0:
        return [text]
    whole, _, rest = text.partition(separator)
    readings = [f"{whole}.{rest}"]
    if len(rest) == 3 and 1 <= len(whole) <= 3 and whole != "0":
        readings.append(whole + rest)
    return readings


def _decimals(text: str) -> frozenset[Decimal]:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return frozenset()
    return frozenset((number.normalize(),)) if number.is_finite() else frozenset()
