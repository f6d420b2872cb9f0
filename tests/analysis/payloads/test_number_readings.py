"""Numbers read from text, with every way that separators allow."""

from decimal import Decimal
from typing import Any

import pytest

from retab_mcp.analysis.payloads.number_readings import number_readings, power_of_ten, unit_of


@pytest.mark.parametrize(
    ("value", "readings"),
    [
        (12, ["12"]),
        (1.5, ["1.5"]),
        ("1.234,56", ["1234.56"]),
        ("1,234.56", ["1234.56"]),
        ("1'234.50", ["1234.50"]),
        ("1\u202f234,5 €", ["1234.5"]),
        ("EUR 12.500,00", ["12500.00"]),
        ("-3,5 %", ["-3.5"]),
        ("(12.50)", ["-12.50"]),
        ("12,50", ["12.50"]),
        ("1.234", ["1.234", "1234"]),
        ("0.500", ["0.500"]),
        ("1234.567", ["1234.567"]),
        ("1.234.567", ["1234567"]),
        ("12,34,567.80", ["1234567.80"]),
        ("12.5 kg", ["12.5"]),
    ],
)
def test_readings_of_a_number(value: Any, readings: list[str]) -> None:
    assert sorted(number_readings(value)) == sorted(map(Decimal, readings))


@pytest.mark.parametrize(
    "value",
    [
        *(
            True,
            None,
            [],
            {},
            "",
            "EUR",
            "INV-2026-04",
            "2026-09-02",
            "02.09.2026",
            "1.2.3",
            "12:30",
        ),
        *("DE811234567", "1.234,56 + 7", "9" * 20, "1,2345.6", float("nan"), float("inf")),
    ],
)
def test_no_number(value: Any) -> None:
    assert number_readings(value) == ()


@pytest.mark.parametrize(
    ("value", "other", "power"),
    [
        ("1250", "125000", -2),
        ("1.23456", "1234.56", -3),
        ("12.5", "12.5", 0),
        ("0.19", "19", -2),
        ("5000", "5", 3),
        ("1234.57", "1234.56", None),
        ("-10", "1", None),
        ("0", "1", None),
    ],
)
def test_power_of_ten(value: str, other: str, power: int | None) -> None:
    assert power_of_ten(Decimal(value), Decimal(other)) == power


def test_units_are_words_after_a_number_but_no_currencies() -> None:
    assert unit_of("12 kg") == "kg"
    assert unit_of("12 EUR") == unit_of("12 %") == unit_of("kg") == unit_of(12) == ""
