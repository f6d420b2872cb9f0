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
