from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.digest.pointer import format_pointer, resolve_pointer
from retab_mcp.safety.columns import (
    Column,
    batches,
    containers_in,
    of_items,
    of_kind,
    of_map_values,
    of_members,
)
from tests.digest.strategies import KEYS, NESTED, SCALARS


def column_of(values: list[object]) -> Column:
    return Column(values, lambda n: (n,))


def assert_located(column: Column, source: object) -> None:
    """Every value of a column stands where the column says."""
    for place, value in enumerate(column.values):
        assert resolve_pointer(source, format_pointer(column.locate(place))).value is value


@given(st.lists(st.dictionaries(KEYS, SCALARS, max_size=5), min_size=1, max_size=20))
def test_members_are_located(objects: list[object]) -> None:
    columns = of_members(column_of(objects))
    for column in columns.values():
        assert_located(column, objects)
    assert sum(len(column.values) for column in columns.values()) == sum(map(len, objects))  # type: ignore[arg-type]


@given(st.lists(st.lists(SCALARS, max_size=5), min_size=1, max_size=20))
def test_items_are_located(arrays: list[object]) -> None:
    column = of_items(column_of(arrays))
    assert_located(column, arrays)
    assert len(column.values) == sum(map(len, arrays))  # type: ignore[arg-type]


@given(st.lists(st.dictionaries(KEYS, SCALARS, max_size=5), min_size=1, max_size=10))
def test_map_values_are_located(objects: list[object]) -> None:
    assert_located(of_map_values(column_of(objects)), objects)


@given(st.lists(NESTED, min_size=1, max_size=20))
def test_values_of_a_kind_are_located(values: list[object]) -> None:
    assert_located(of_kind(column_of(values), frozenset((str, int))), values)


@given(st.lists(st.dictionaries(KEYS, SCALARS, max_size=3) | st.lists(SCALARS, max_size=3)))
def test_batches_hold_every_value_once(containers: list[object]) -> None:
    values = [id(value) for batch in batches(containers) for value in batch]  # type: ignore[arg-type]
    expected = [
        id(value)
        for item in containers
        for value in (item.values() if isinstance(item, dict) else item)  # type: ignore[attr-defined]
    ]
    assert sorted(values) == sorted(expected)


def test_containers_among_values() -> None:
    assert containers_in([1, "a", [], {"b": 1}, None]) == [[], {"b": 1}]
    assert containers_in([1, 2.0, True]) == []
