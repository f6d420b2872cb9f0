from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.safety.nodes import batches, containers_in
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
