import json

import pytest
from hypothesis import given

from retab_mcp.digest.encode import DEEPEST, count_leaves, encode, tokens, tokens_within
from tests.digest.strategies import VALUES


def test_compact_and_readable() -> None:
    value = {"a": [1, 2.5, None, True], "ü": "発票\n"}
    assert encode(value) == '{"a":[1,2.5,null,true],"ü":"発票\\n"}'


def test_what_json_cannot_say_is_a_string() -> None:
    value = [float("nan"), float("inf"), float("-inf")]
    assert json.loads(encode(value)) == ["NaN", "Infinity", "-Infinity"]


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
def test_leaves(value: object, leaves: int) -> None:
    assert count_leaves(value) == leaves


def test_too_big_and_too_deep_do_not_fit() -> None:
    assert tokens_within(list(range(10**6)), 1000) is None
    assert tokens_within("x" * 10**7, 1000) is None
    assert tokens_within({"k" * 10**6: 1}, 1000) is None
    deep: object = 1
    for _ in range(DEEPEST):
        deep = [deep]
    assert tokens_within(deep, 1000) is None


@given(VALUES)
def test_what_fits_is_counted_by_the_encoded_text(value: object) -> None:
    try:
        encode(value)
    except Exception:  # a lone surrogate; sanitize takes it out before anything is encoded
        return
    taken = tokens_within(value, 10_000)
    assert taken is None or taken == tokens(value)
