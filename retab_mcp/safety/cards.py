"""Find the numbers of payment cards, by their first digits and their check digit."""

import os
import re
from collections.abc import Iterator
from functools import cache

from retab_mcp.safety.values import Span

CARDS_VARIABLE = "RETAB_MCP_REDACT_CARDS"
_OFF = frozenset(("0", "false", "no", "off"))

SMALLEST_CARD = 10**13  # the shortest numbers have 14 digits
_LARGEST_CARD = 10**19

# As one run of digits, or in the groups in which cards show them.
_NUMBER = re.compile(
    rb"(?<![\w.,\-+])(?:[0-9]{14,19}|[0-9]{4}(?:[ \-][0-9]{4}){3}(?:[ \-][0-9]{1,3})?"
    rb"|3[0-9]{3}[ \-][0-9]{6}[ \-][0-9]{4,5})(?![\w\-]|[.,][0-9])"
)
_ISSUERS = re.compile(
    r"4\d{15}(?:\d{3})?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
)


@cache
def hides_cards() -> bool:
    """Return whether card numbers are hidden: unless RETAB_MCP_REDACT_CARDS is 0."""
    return os.environ.get(CARDS_VARIABLE, "").strip().lower() not in _OFF


def card_spans(data: bytes) -> Iterator[Span]:
    """Yield the spans of card numbers in a text."""
    if hides_cards():
        yield from (match.span() for match in _NUMBER.finditer(data) if is_card(match[0].decode()))


def is_card(number: int | str) -> bool:
    """Return whether a number is that of a payment card."""
    digits = re.sub(r"\D", "", str(number))
    if not _ISSUERS.fullmatch(digits):
        return False
    values = [int(digit) for digit in reversed(digits)]
    doubled = [sum(divmod(2 * value, 10)) for value in values[1::2]]
    return (sum(values[::2]) + sum(doubled)) % 10 == 0


def hides_number(number: int) -> bool:
    """Return whether a number in JSON is that of a card, and to be hidden."""
    return SMALLEST_CARD <= number < _LARGEST_CARD and hides_cards() and is_card(number)
