"""Conditions as people say them."""

from typing import Any

import pytest

from retab_mcp.analysis.condition_words import condition_words, outcome_words


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (
            {"path": "$.sum", "operator": "is_greater_than", "expected": 5},
            "$.sum is greater than 5",
        ),
        ({"path": "$.to", "operator": "is_equal_to", "expected": "A"}, '$.to is equal to "A"'),
        ({"operator": "is_equal_to", "expected": None}, "is equal to"),
        ({"path": "$.sum"}, "$.sum"),
        ({"path": 7, "operator": None}, ""),
    ],
)
def test_a_condition_in_words(condition: dict[str, Any], words: str) -> None:
    assert condition_words(condition) == words


@pytest.mark.parametrize(
    "operator", ["exists", "does_not_exist", "is_empty", "is_not_empty", "is_true", "is_false"]
)
def test_an_operator_that_compares_with_nothing_shows_nothing_expected(operator: str) -> None:
    words = f"$.a {operator.replace('_', ' ')}"
    assert condition_words({"path": "$.a", "operator": operator, "expected": 1}) == words


def test_the_result_of_a_condition() -> None:
    condition = {"path": "$.a", "operator": "is_true", "actual": 12.5}
    assert outcome_words(condition) == "$.a is true: no, it is 12.5"
    assert outcome_words(condition | {"matched": True}) == "$.a is true: yes, it is 12.5"
