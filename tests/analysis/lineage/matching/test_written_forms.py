"""The numbers and dates that a text can mean, and those that it cannot."""

from datetime import date
from decimal import Decimal

import pytest

from retab_mcp.analysis.lineage.matching.written_forms import dates, numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", "1234.5"),
        ("1.234,50 €", "1234.5"),
        ("EUR 1 234,50", "1234.5"),
        ("1'234.50 CHF", "1234.5"),
        ("(99.10)", "-99.1"),
        ("12-", "-12"),
        ("\u22127", "-7"),
        ("19 %", "0.19"),
        ("1.234", "1234"),
        ("1.234", "1.234"),
        (1234.5, "1234.5"),
        (7, "7"),
    ],
)
def test_numbers_are_read_in_every_locale(text: object, number: str) -> None:
    assert Decimal(number) in numbers(text)


@pytest.mark.parametrize("text", ["", "PO-88", "12 pcs", "1.2.3 beta", True, None, "9" * 80])
def test_other_texts_are_no_numbers(text: object) -> None:
    assert numbers(text) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        *("2026-04-03", "2026-04-03T10:00:00Z", "20260403", "03.04.2026", "3/4/26", "04/03/2026"),
        *("3 April 2026", "April 3, 2026", "3. April 2026", "3 avril 2026", "3 de abril de 2026"),
    ],
)
def test_a_day_is_read_in_every_form(text: str) -> None:
    assert date(2026, 4, 3) in dates(text)


@pytest.mark.parametrize("text", ["2026-13-40", "soon", "99/99/2026", "3 Foo 2026", 20260403, None])
def test_other_texts_are_no_days(text: object) -> None:
    assert dates(text) == frozenset()
