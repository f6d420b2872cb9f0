import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.compare.json_diff import ADDED, CHANGED, REMOVED, REORDERED, differences
from retab_mcp.digest.pointer import resolve_pointer

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b/c", "~"])
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["id", "qty", "a/b"]), inner, max_size=3)
    ),
    max_leaves=20,
)


def found(value: Any, other: Any) -> list[tuple[str, str, str, Any, Any]]:
    return [
        (each.kind, each.path, each.other_path, each.value, each.other)
        for each in differences(value, other)
    ]


def rows(count: int) -> list[dict[str, Any]]:
    return [{"sku": f"S-{n}", "qty": n % 3, "price": 1.5} for n in range(count)]


@given(JSON)
def test_a_value_equals_itself(value: Any) -> None:
    assert found(value, copy.deepcopy(value)) == []


@given(JSON, JSON)
def test_unequal_json_has_a_difference(value: Any, other: Any) -> None:
    same = json.dumps(value, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (found(value, other) == []) is same


@given(JSON, JSON)
def test_paths_lead_to_the_values(value: Any, other: Any) -> None:
    for kind, path, other_path, mine, theirs in found(value, other):
        if kind in (CHANGED, REMOVED):
            assert resolve_pointer(value, path).value == mine
        if kind in (CHANGED, ADDED):
            assert resolve_pointer(other, other_path).value == theirs


@given(st.integers(1, 30), st.data())
def test_an_inserted_row_is_one_change(count: int, data: st.DataObject) -> None:
    before, after = rows(count), rows(count)
    place = data.draw(st.integers(0, count))
    after.insert(place, {"sku": "new", "qty": 9, "price": 0.5})
    assert found(before, after) == [(ADDED, f"/{place}", f"/{place}", None, after[place])]
    assert found(after, before) == [(REMOVED, f"/{place}", f"/{place}", after[place], None)]


def test_changed_row_next_to_an_inserted_one() -> None:
    before, after = rows(6), rows(6)
    after.insert(2, {"sku": "new", "qty": 9, "price": 0.5})
    after[4]["price"] = 2.5
    assert found(before, after) == [
        (ADDED, "/2", "/2", None, after[2]),
        (CHANGED, "/3/price", "/4/price", 1.5, 2.5),
    ]


def test_changed_column_with_a_removed_row() -> None:
    before = rows(5)
    after = [{**row, "price": 3.0} for row in rows(5) if row["sku"] != "S-1"]
    assert found(before, after) == [
        (CHANGED, "/0/price", "/0/price", 1.5, 3.0),
        (REMOVED, "/1", "/1", before[1], None),
        (CHANGED, "/2/price", "/1/price", 1.5, 3.0),
        (CHANGED, "/3/price", "/2/price", 1.5, 3.0),
        (CHANGED, "/4/price", "/3/price", 1.5, 3.0),
    ]


def test_line_number_is_not_an_identity() -> None:
    names = ["Bolt", "Nut", "Washer", "Belt"]
    before: list[dict[str, Any]] = [
        {"line": n, "name": name, "price": n * 1.1} for n, name in enumerate(names)
    ]
    after = [{"line": 0, "name": "Bag", "price": 0.2}]
    after += [{**row, "line": row["line"] + 1} for row in before]
    changes = found(before, after)
    assert changes[0] == (ADDED, "/0", "/0", None, after[0])
    assert {path.rpartition("/")[2] for _, path, *_ in changes[1:]} == {"line"}


@pytest.mark.parametrize(
    ("value", "other", "same"),
    [(1, 1.0, True), (1, True, False), (0, False, False), (None, 0, False), ("1", 1, False)],
)
def test_scalars_are_compared(value: Any, other: Any, same: bool) -> None:
    assert (found({"a": value}, {"a": other}) == []) is same


def test_nan_is_the_same_as_nan() -> None:
    assert found([float("nan")], [float("nan")]) == []


def test_null_and_absent_are_not_the_same() -> None:
    assert found({}, {"a": None}) == [(ADDED, "/a", "/a", None, None)]


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"k": inner}])
def test_values_nested_to_any_depth(wrap: Any) -> None:
    value, other = 0, 1
    for _ in range(20_000):
        value, other = wrap(value), wrap(other)
    (change,) = differences(value, other)
    assert (change.value, change.other) == (0, 1)
    assert len(change.folded) == 20_000


def test_rows_of_an_array_have_one_folded_path() -> None:
    after = [{**row, "price": 3.0} for row in rows(50)]
    assert {change.folded for change in differences(rows(50), after)} == {("*", "price")}


def test_a_long_array_of_few_values_with_one_item_moved() -> None:
    before, after = [0] * 2_000 + [1], [1] + [0] * 2_000
    assert found(before, after) == [(REORDERED, "", "", 1, 2_001)]


def test_a_long_array_of_few_values_is_compared_index_by_index() -> None:
    before, after = [0] * 2_000 + [1], [2] + [0] * 2_000
    assert [path for _, path, *_ in found(before, after)] == ["/2000"]


@given(st.permutations(range(12)))
def test_rows_in_another_order_are_one_change(order: list[int]) -> None:
    before = [{"sku": f"S-{n}", "price": n * 1.5} for n in range(12)]
    after = [before[n] for n in order]
    kinds = {(kind, path) for kind, path, *_ in found(before, after)}
    assert kinds == (set() if order == sorted(order) else {(REORDERED, "")})


@given(st.permutations(["a", "b", "b", "c", "d"]))
def test_values_without_an_identity_in_another_order_are_one_change(order: list[str]) -> None:
    kinds = {(kind, path) for kind, path, *_ in found(["a", "b", "b", "c", "d"], order)}
    assert kinds <= {(REORDERED, "")}


def test_a_change_in_a_moved_row_is_shown_with_both_places() -> None:
    before = [{"sku": "A", "qty": 1}, {"sku": "B", "qty": 2}, {"sku": "C", "qty": 3}]
    after = [{"sku": "C", "qty": 30}, {"sku": "A", "qty": 1}, {"sku": "B", "qty": 2}]
    assert found(before, after) == [
        (REORDERED, "", "", 1, 3),
        (CHANGED, "/2/qty", "/0/qty", 3, 30),
    ]


def test_measured_numbers_are_paired_by_place() -> None:
    before = [1.0, 2.0, 3.0, 4.0]
    after = [1.0000001, 2.0000001, 9.0, 4.0]
    assert [(kind, path) for kind, path, *_ in found(before, after)] == [
        *((CHANGED, f"/{at}") for at in range(3)),
    ]


def test_the_field_that_identifies_rows_is_the_one_with_most_in_common() -> None:
    before = [{"line": 0, "sku": "A", "n": 1}, {"line": 1, "sku": "B", "n": 2}]
    after = [{"line": 0, "sku": "B", "n": 2}, {"line": 1, "sku": "A", "n": 1}]
    kind, path, *_ = found(before, after)[0]
    assert (kind, path) == (REORDERED, "")


def test_rows_without_an_identity_are_paired_by_what_they_have_in_common() -> None:
    before = [{"a": "x", "b": 1}, {"a": "x", "b": 2}]
    after = [{"a": "x", "b": 9}, {"a": "x", "b": 1}, {"a": "x", "b": 2}]
    assert found(before, after) == [(ADDED, "/0", "/0", None, after[0])]
    changed = [{"a": "x", "b": 1, "c": 5}, {"a": "y", "b": 7, "c": 6}]
    assert found([{"a": "y", "b": 8, "c": 6}], changed) == [
        (ADDED, "/0", "/0", None, changed[0]),
        (CHANGED, "/0/b", "/1/b", 8, 7),
    ]


def test_items_at_the_start_and_end_that_are_equal_stay_in_place() -> None:
    assert found(["a", "b", "c"], ["a", "x", "c"]) == [(CHANGED, "/1", "/1", "b", "x")]
    assert found(["a", "c"], ["a", "b", "c"]) == [(ADDED, "/1", "/1", None, "b")]
    assert found(["a", "b", "c"], ["a", "c"]) == [(REMOVED, "/1", "/1", "b", None)]
    assert found([], ["a"]) == [(ADDED, "/0", "/0", None, "a")]
    assert found(["a", "a"], ["a"]) == [(REMOVED, "/1", "/1", "a", None)]


def test_two_items_that_moved_are_counted() -> None:
    assert found(["a", "b", "c", "d"], ["c", "d", "a", "b"]) == [(REORDERED, "", "", 2, 4)]
    assert found(["a", "b", "c"], ["c", "b", "a"]) == [(REORDERED, "", "", 2, 3)]


def test_a_change_of_type_is_one_change() -> None:
    assert found({"a": {"b": 1}}, {"a": [1]}) == [(CHANGED, "/a", "/a", {"b": 1}, [1])]
    assert found({"a": 1}, {"a": {}}) == [(CHANGED, "/a", "/a", 1, {})]
