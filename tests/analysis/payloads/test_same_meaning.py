"""Values that mean the same though they are written differently."""

from typing import Any

import pytest

from retab_mcp.analysis.payloads.same_meaning import means_nothing, same_meaning


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ("12,50", 12.5),
        (1, 1.0),
        ("DE", "de "),
        ("2026-09-02", "02.09.2026"),
        ("2026-09-02T00:00:00Z", "September 2, 2026"),
        (None, "n/a"),
        ("", []),
        (True, "true"),
        ("1.234", 1234),
        ({"a": 1}, {"a": 1}),
    ],
)
def test_the_same_in_other_words(value: Any, other: Any) -> None:
    assert same_meaning(value, other)
    assert same_meaning(other, value)


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ("EUR", "USD"),
        (12.5, 125),
        ("2026-09-02", "2026-09-03"),
        (None, 0),
        (True, 1.5),
        ({"a": 1}, {"a": 2}),
        ("A-1", "A-2"),
        ([1], "1"),
    ],
)
def test_not_the_same(value: Any, other: Any) -> None:
    assert not same_meaning(value, other)
    assert not same_meaning(other, value)


def test_zero_and_false_mean_something() -> None:
    assert not any(map(means_nothing, (0, False, "0", " x", [None])))


@pytest.mark.parametrize(
    "text",
    [
        *("2026-09-30", "2026/09/30", "20260930", "30.09.2026", "30/09/2026", "09/30/2026"),
        *("30-09-2026", "30.09.26", "30 September 2026", "September 30, 2026", "30 Sep 2026"),
        *("Sep 30, 2026", "30-Sep-2026", "30. September 2026", "09/30/26", "2026-09-30 7:30 Uhr"),
        *("2026-09-30T07:30:00Z", "September  30,  2026"),
    ],
)
def test_a_day_in_every_usual_form(text: str) -> None:
    other = "20260930" if text == "2026-09-30" else "2026-09-30"
    assert same_meaning(text, other)
    assert not same_meaning(text, "2026-09-29")


def test_the_shortest_form_of_a_day() -> None:
    assert same_meaning("1.1.26", "2026-01-01")
    assert not same_meaning("1.1.2", "2002-01-01")


@pytest.mark.parametrize(
    "text",
    [
        *("", " - ", "--", "N/A", "na", "None", "null", "nil", "unknown", "TBD", "?", "keine"),
        *("NaN", "undefined"),
    ],
)
def test_words_that_mean_nothing(text: str) -> None:
    assert means_nothing(text)
    assert same_meaning(text, None)
