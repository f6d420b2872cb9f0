from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.digest.columns import (
    Column,
    of_items,
    of_kind,
    of_map_values,
    of_members,
)
from retab_mcp.digest.pointer import format_pointer, resolve_pointer
from tests.digest.strategies import KEYS, NESTED, SCALARS


def column_of(values: list[object]) -> Column:
    return Column(values, lambda n: (n,))


def assert_located(column: Column, source: object) -> None:
    """Assert that each value of a column is where the column locates it."""
    for place, value in enumerate(column.values):
        assert resolve_pointer(source, format_pointer(column.locate(place))).value is value


@given(st.lists(st.dictionaries(KEYS, SCALARS, max_size=5), min_size=1, max_size=20))
def test_members_are_located(objects: list[Any]) -> None:
    columns = of_members(column_of(objects))
    for column in columns.values():
        assert_located(column, objects)
    assert sum(len(column.values) for column in columns.values()) == sum(map(len, objects))


@given(st.lists(st.lists(SCALARS, max_size=5), min_size=1, max_size=20))
def test_items_are_located(arrays: list[Any]) -> None:
    column = of_items(column_of(arrays))
    assert_located(column, arrays)
    assert len(column.values) == sum(map(len, arrays))


@given(st.lists(st.dictionaries(KEYS, SCALARS, max_size=5), min_size=1, max_size=10))
def test_map_values_are_located(objects: list[Any]) -> None:
    assert_located(of_map_values(column_of(objects)), objects)


@given(st.lists(NESTED, min_size=1, max_size=20))
def test_values_of_a_kind_are_located(values: list[Any]) -> None:
    assert_located(of_kind(column_of(values), frozenset((str, int))), values)
