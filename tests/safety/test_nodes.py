from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.safety.nodes import batches, containers_in, cut_below, values_by_position
from tests.digest.strategies import KEYS, SCALARS


@given(st.lists(st.dictionaries(KEYS, SCALARS, max_size=3) | st.lists(SCALARS, max_size=3)))
def test_batches_hold_every_value_once(containers: list[Any]) -> None:
    values = [id(value) for batch in batches(containers) for value in batch]
    expected = [
        id(value)
        for item in containers
        for value in (item.values() if isinstance(item, dict) else item)
    ]
    assert sorted(values) == sorted(expected)


def test_containers_are_among_the_values() -> None:
    assert containers_in([1, "a", [], {"b": 1}, None]) == [[], {"b": 1}]
    assert containers_in([1, 2.0, True]) == []


def test_values_of_one_position_are_one_batch() -> None:
    assert batches([[1, 2], [3]]) == [[1, 2, 3]]
    assert batches([{"a": 1, "b": 2}, {"c": 3, "d": 4}]) == [[1, 3], [2, 4]]
    assert batches([{"a": 1}, {"c": 3, "d": 4}]) == [[1, 3, 4]]
    assert batches([[1], {"a": 2}]) == [[1], [2]]
    assert batches([]) == []
    assert values_by_position([{"a": 1, "b": 2}, {"c": 3, "d": 4}]) == [[1, 3], [2, 4]]


@pytest.mark.parametrize(
    ("levels", "left"),
    [
        (1, {"a": "…", "d": 4}),
        (2, {"a": [1, "…"], "d": 4}),
        (3, {"a": [1, {"b": "…"}], "d": 4}),
        (4, {"a": [1, {"b": [2, "…"]}], "d": 4}),
        (5, {"a": [1, {"b": [2, {"c": 3}]}], "d": 4}),
        (9, {"a": [1, {"b": [2, {"c": 3}]}], "d": 4}),
    ],
)
def test_what_is_below_so_many_levels_is_replaced(levels: int, left: Any) -> None:
    value = {"a": [1, {"b": [2, {"c": 3}]}], "d": 4}
    cut_below(value, levels, "…")
    assert value == left
