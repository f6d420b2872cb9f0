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


@pytest.mark.parametrize(
    ("names", "month"),
    [
        ("January Januar Jänner enero gennaio janvier januari janeiro", 1),
        ("February Februar février febrero febbraio fevereiro", 2),
        ("March März mars marzo maart mrt", 3),
        ("April avril abril aprile", 4),
        ("May Mai mayo maggio mei maio", 5),
        ("June Juni juin junio giugno junho", 6),
        ("July Juli juillet julio luglio julho", 7),
        ("August août agosto augustus", 8),
        ("September septembre septiembre settembre setembro", 9),
        ("October Oktober octobre ottobre outubro", 10),
        ("November novembre noviembre", 11),
        ("December Dezember décembre diciembre dicembre dezembro", 12),
    ],
)
def test_months_are_read_in_seven_languages(names: str, month: int) -> None:
    for name in names.split():
        assert dates(f"3 {name} 2026") == {date(2026, month, 3)}, name
        assert dates(f"{name} 3, 2026") == {date(2026, month, 3)}, name


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("03/04/2026", {date(2026, 4, 3), date(2026, 3, 4)}),
        ("13/04/2026", {date(2026, 4, 13)}),
        ("3.4.26", {date(2026, 4, 3), date(2026, 3, 4)}),
        ("3/4/99", {date(2099, 4, 3), date(2099, 3, 4)}),
        ("3rd April 2026", {date(2026, 4, 3)}),
        ("1er mars 2026", {date(2026, 3, 1)}),
        ("3º de abril de 2026", {date(2026, 4, 3)}),
        ("April 3rd 2026", {date(2026, 4, 3)}),
        ("2026.04.03", {date(2026, 4, 3)}),
        ("2026/4/3 10:00", {date(2026, 4, 3)}),
    ],
)
def test_the_days_that_a_text_can_mean(text: str, days: set[date]) -> None:
    assert dates(text) == days


@pytest.mark.parametrize(
    "text", ["in 2026", "the year 2026", "3 April", "April 2026 or so" + "x" * 30]
)
def test_a_text_without_a_whole_date_is_no_day(text: str) -> None:
    assert dates(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1.234", {"1.234", "1234"}),
        ("0.123", {"0.123"}),
        ("1234.567", {"1234.567"}),
        ("1.234.567", {"1234567"}),
        ("12,345,678.9", {"12345678.9"}),
        ("12.345.678,9", {"12345678.9"}),
        ("12.", {"12"}),
        ("19%", {"19", "0.19"}),
        ("-5 EUR", {"-5"}),
        ("EUR -5", {"-5"}),
        ("(5)", {"-5"}),
        ("(5", {"5"}),
        ("5)", {"5"}),
        ("+5", {"5"}),
        ("0" * 39 + "5", {"5"}),
        ("0" * 40 + "5", set()),
    ],
)
def test_the_numbers_that_a_text_can_mean(text: str, readings: set[str]) -> None:
    assert numbers(text) == {Decimal(each) for each in readings}


def test_numbers_that_are_not_finite_are_none() -> None:
    assert numbers(float("nan")) == numbers(float("inf")) == frozenset()
