"""Read numbers from values, in every way that their separators allow."""

import re
from decimal import Decimal

from retab_mcp.models import Json

# Numbers with more digits are identifiers.
MAX_DIGITS = 15
# A ratio this close to a power of ten is one; the rest is rounding.
_TOLERANCE = Decimal("0.000001")

_NUMBER = re.compile(
    r"(?P<before>[A-Z]{3}|[€$£¥])?\s*(?P<sign>[-+\u2212]?)\s*(?P<open>\(?)"
    r"(?P<digits>\d[\d.,'\u2019 \u00a0\u202f]*)\)?\s*(?P<after>%|[€$£¥]|[^\W\d_]{1,5}\.?)?"
)
_SPACES = re.compile(r"['\u2019 \u00a0\u202f]")
_GROUPS = re.compile(r"\d{1,3}(?:[.,]\d{2,3})*[.,]\d{3}")


def number_readings(value: Json) -> tuple[Decimal, ...]:
    """Return the numbers that a number or a text can mean; () where it is no number.

    "1.234,56" has one reading, "1.234" has two. A currency or a unit around the number is ignored.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ()
    if not isinstance(value, str):
        number = Decimal(str(value))
        return (number,) if number.is_finite() else ()
    match = _NUMBER.fullmatch(value.strip()) if len(value) < 40 else None
    if match is None:
        return ()
    negative = match["sign"] in ("-", "\u2212") or bool(match["open"])
    return tuple(-found if negative else found for found in _plain(match["digits"]))


def unit_of(value: Json) -> str:
    """Return the word after the number in a text ("kg" in "12 kg"), "" without one."""
    match = _NUMBER.fullmatch(value.strip()) if isinstance(value, str) else None
    word = match["after"] if match is not None else None
    return word.lower() if word and word.isalpha() and not word.isupper() else ""


def power_of_ten(value: Decimal, other: Decimal) -> int | None:
    """Return n where value is other times 10**n, None where no whole n fits."""
    if not value or not other or (value < 0) != (other < 0):
        return None
    ratio = value / other
    power = ratio.adjusted() if ratio.as_tuple().digits[0] < 5 else ratio.adjusted() + 1
    return power if abs(ratio.scaleb(-power) - 1) < _TOLERANCE else None


def _plain(text: str) -> tuple[Decimal, ...]:
    """Return the readings of digits with separators."""
    body = _SPACES.sub("", text).rstrip(".,")
    if sum(character.isdigit() for character in body) > MAX_DIGITS:
        return ()
    points, commas = body.count("."), body.count(",")
    if not points and not commas:
        return (Decimal(body),)
    if points and commas:
        decimal = "." if body.rfind(".") > body.rfind(",") else ","
        whole, _, fraction = body.rpartition(decimal)
        if decimal in whole or not _GROUPS.fullmatch(whole):
            return ()
        return (_decimal(whole, fraction),)
    separator = "." if points else ","
    if points + commas > 1:
        return (_decimal(body, ""),) if _GROUPS.fullmatch(body) else ()
    whole, _, fraction = body.partition(separator)
    found = [_decimal(whole, fraction)]
    if len(fraction) == 3 and len(whole) <= 3 and not whole.startswith("0"):
        found.append(_decimal(whole + fraction, ""))
    return tuple(found)


def _decimal(whole: str, fraction: str) -> Decimal:
    digits = whole.replace(".", "").replace(",", "") or "0"
    return Decimal(f"{digits}.{fraction}" if fraction else digits)
