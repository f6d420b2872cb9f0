"""When two values are the same value, and when they are only alike."""

import pytest

from retab_mcp.analysis.lineage.matching.likeness import Likeness, Wanted, is_distinctive, same


@pytest.mark.parametrize(
    ("value", "other", "likeness"),
    [
        ("CC-410", "CC-410", Likeness.EQUAL),
        (12, 12.0, Likeness.EQUAL),
        (None, None, Likeness.EQUAL),
        ("CC-410", " cc-410", Likeness.REFORMATTED),
        (1234.5, "1.234,50", Likeness.REFORMATTED),
        ("2026-04-03", "03.04.2026", Likeness.REFORMATTED),
        ("CC-410", "Cost centre CC-410, hall 2", Likeness.WITHIN),
        (1234.5, "Total due 1,234.50 until May", Likeness.WITHIN),
        ("CC-410", "CC-4100", None),
        (True, 1, None),
        (None, "", None),
        (4, "4 of 9 chairs", None),
        ("2026-04-03", "2026-05-03", None),
    ],
)
def test_likeness(value: object, other: object, likeness: Likeness | None) -> None:
    assert Wanted(value).likeness(other) is likeness


@pytest.mark.parametrize("value", ["INV-1", 12_000, 12.35, "Acme Corp"])
def test_values_that_hardly_repeat_by_chance(value: object) -> None:
    assert is_distinctive(value)


@pytest.mark.parametrize("value", [None, True, 0, 3, 1.5, "EUR", "", "yes"])
def test_values_that_repeat_by_chance(value: object) -> None:
    assert not is_distinctive(value)


def test_values_nested_too_deep_to_compare_are_not_the_same() -> None:
    deep: list[object] = []
    other: list[object] = []
    for _ in range(100_000):
        deep, other = [deep], [other]
    assert same(deep, other) is False


@pytest.mark.parametrize(
    ("value", "is_rare"),
    [
        (999, False),
        (1000, True),
        (-1000, True),
        (1.25, True),
        (12.25, True),
        (0.125, False),
        (0.1234, True),
        (1000.0, True),
        ("abcd", False),
        ("abcde", True),
        ("a-1", False),
        ("ab-1", True),
        ([1], True),
        ([], False),
        ({}, False),
    ],
)
def test_how_long_a_value_is_that_hardly_repeats(value: object, is_rare: bool) -> None:
    assert is_distinctive(value) is is_rare


def test_a_text_is_found_within_a_longer_one_from_five_characters_on() -> None:
    assert Wanted("hello").likeness("say hello to") is Likeness.WITHIN
    assert Wanted("AB-1").likeness("the AB-1 part") is None
    assert Wanted("hello").likeness("hello" + " x" * 9_997) is Likeness.WITHIN
    assert Wanted("hello").likeness("hello" + " x" * 9_998) is None
    assert Wanted("Hello").likeness("hellos") is None


def test_a_number_is_found_within_a_text_and_a_text_of_digits_is_not() -> None:
    assert Wanted(1234.5).likeness("sum 1.234,50 EUR") is Likeness.WITHIN
    assert Wanted("1234.5").likeness("sum 1.234,50 EUR") is None
    assert Wanted(1234.5).likeness("sum 91.234,50") is None
