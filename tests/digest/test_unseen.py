"""Texts that look the same and differ in what nobody can see."""

import pytest

from retab_mcp.digest.hidden import unseen_difference, visible_form
from retab_mcp.safety.clean import clean_text

SIDES = ("expected", "actual")


@pytest.mark.parametrize(
    ("text", "other", "said"),
    [
        ("DE", "DE\u200b", "actual contains U+200B"),
        ("D\u00adE", "DE", "expected contains U+00AD"),
        ("Port Louis", "Port\u00a0Louis", "actual contains U+00A0"),
        ("DE", "DE ", "actual ends with a space (U+0020)"),
        ("DE", "\u00a0DE", "actual begins with a space (U+00A0)"),
        ("CH", "\u0421H", "actual contains U+0421 (CYRILLIC CAPITAL LETTER ES)"),
        ("\u0410", "A", "expected contains U+0410 (CYRILLIC CAPITAL LETTER A)"),
        ("Z\u00fcrich", "Zu\u0308rich", "actual contains U+0308"),
        ("A-1", "A\u20131", "actual contains U+2013"),
        ("a b", "a  b", "actual has two spaces in a row"),
        ("a  b", " a b", "expected has two spaces in a row; actual begins with a space (U+0020)"),
        ("a  b c", "a  b\u00a0c", "actual contains U+00A0"),
        ("D\u200bE", "D\u200bE\u2060", "actual contains U+2060"),
        ("DE", "D\u200bE\u2060", "actual contains U+200B, U+2060"),
        ("D\u200bE", "DE\u2060", "expected contains U+200B; actual contains U+2060"),
        (
            "ACHT",
            "\u0410\u0421\u041d\u0422",
            "actual contains U+0410 (CYRILLIC CAPITAL LETTER A), "
            "U+0421 (CYRILLIC CAPITAL LETTER ES), U+041D (CYRILLIC CAPITAL LETTER EN)",
        ),
    ],
)
def test_what_cannot_be_seen_is_named(text: str, other: str, said: str) -> None:
    assert unseen_difference(clean_text(text), clean_text(other), SIDES) == said


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("DE", "DE"),
        ("DE", "de"),
        ("Muller", "M\u00fcller"),
        ("Strasse", "Stra\u00dfe"),
        ("m2", "m\u00b2"),
        ("DE", "FR\u200b"),
        ("", "\u200b"),
        ("\u041c\u043e\u0441\u043a\u0432\u0430", "\u041c\u043e\u0441\u043a\u0432\u0430"),
    ],
)
def test_what_can_be_seen_is_not_named(text: str, other: str) -> None:
    assert unseen_difference(clean_text(text), clean_text(other), SIDES) is None


def test_only_texts_are_compared() -> None:
    assert unseen_difference(1, 1.0, SIDES) is None
    assert unseen_difference(None, "", SIDES) is None


def test_the_visible_form_of_a_text() -> None:
    assert visible_form(" Stra\u00dfe\u00a01 ") == "Stra\u00dfe 1"
    assert visible_form("A\tB") == "A B"
