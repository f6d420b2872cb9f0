import json
from collections.abc import Callable

import pytest
from hypothesis import given

from retab_mcp.digest.compact import (
    MAX_DEPTH,
    compact_json,
    count_leaves,
    json_tokens,
    json_tokens_within,
)
from tests.digest.strategies import VALUES


def test_json_is_compact_and_not_ascii_escaped() -> None:
    value = {"a": [1, 2.5, None, True], "ü": "発票\n"}
    assert compact_json(value) == '{"a":[1,2.5,null,true],"ü":"発票\\n"}'


def test_nan_and_infinity_become_strings() -> None:
    value = [float("nan"), float("inf"), float("-inf")]
    assert json.loads(compact_json(value)) == ["NaN", "Infinity", "-Infinity"]


@pytest.mark.parametrize(
    ("value", "leaves"),
    [
        (1, 1),
        ("", 1),
        ([], 1),
        ({}, 1),
        ([1, [2, {}], {"a": []}], 4),
        ({"a": {"b": {"c": None}}}, 1),
        ([[[]]], 1),
        ([{"a": 1, "b": [1]}, {"a": [], "b": {"c": 1, "d": 2}}], 5),
    ],
)
def test_leaves_are_counted(value: object, leaves: int) -> None:
    assert count_leaves(value) == leaves


def test_too_big_and_too_deep_do_not_fit() -> None:
    assert json_tokens_within(list(range(10**6)), 1000) is None
    assert json_tokens_within("x" * 10**7, 1000) is None
    assert json_tokens_within({"k" * 10**6: 1}, 1000) is None
    deep: object = 1
    for _ in range(MAX_DEPTH):
        deep = [deep]
    assert json_tokens_within(deep, 1000) is None


def test_a_value_both_too_big_and_too_deep_does_not_fit() -> None:
    value: object = list(range(5000))
    for _ in range(MAX_DEPTH + 10):
        value = [value, *range(5000)]
    assert json_tokens_within(value, 1000) is None


@given(VALUES)
def test_the_tokens_of_a_value_are_those_of_its_encoded_text(value: object) -> None:
    try:
        compact_json(value)
    except Exception:  # a lone surrogate; sanitize removes it before anything is encoded
        return
    taken = json_tokens_within(value, 10_000)
    assert taken is None or taken == json_tokens(value)


@pytest.mark.parametrize(
    "value", [{"rows": [1, 2.5, None]}, "no total", [], 7, [[], {}] * 20, {"": {"": ""}}]
)
def test_a_value_fits_a_limit_of_exactly_its_tokens(value: object) -> None:
    taken = json_tokens(value)
    assert json_tokens_within(value, taken) == taken
    assert json_tokens_within(value, taken - 1) is None


@pytest.mark.parametrize("make", [lambda inner: [inner], lambda inner: {"a": inner}])
def test_a_value_of_the_most_levels_fits(make: Callable[[object], object]) -> None:
    value: object = 1
    for _ in range(MAX_DEPTH - 1):
        value = make(value)
    assert json_tokens_within(value, 1000) == json_tokens(value)
    assert json_tokens_within(make(value), 1000) is None
