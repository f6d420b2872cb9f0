"""Changes by path: the worst of many is shown, rounding errors come last."""

from typing import Any

import pytest

from retab_mcp.analysis.compare.path_changes import path_changes


def shown(value: Any, other: Any) -> list[tuple[str, Any, Any, int, int]]:
    return [
        (each.change.path, each.change.value, each.change.other, each.count, each.rounding)
        for each in path_changes(value, other)
    ]


def amounts(**changed: Any) -> list[dict[str, Any]]:
    known = {f"row_{n}": n * 0.1 for n in range(1, 40)}
    return [{"row": name, "amount": value} for name, value in {**known, **changed}.items()]


@pytest.mark.parametrize(
    ("worst", "lesser"),
    [
        (None, "3.7"),
        ("3.7", -3.7),
        (-3.7, 370),
        (0, 370),
        (370, 3.8),
        (3.8, 3.7000000000000006),
    ],
)
def test_the_worst_change_of_a_column_is_shown(worst: Any, lesser: Any) -> None:
    after = amounts(row_3=0.30000000000000027, row_12=lesser, row_37=worst)
    ((path, value, other, count, _),) = shown(amounts(row_12=3.7, row_37=3.7), after)
    assert (path, value, other, count) == ("/36/amount", 3.7, worst, 3)


def test_rounding_is_counted_and_comes_last() -> None:
    before = {"sum": 0.1 + 0.2, "note": "a", "rows": [0.1 + 0.7, 1.5]}
    after = {"sum": 0.3, "note": "b", "rows": [0.8, 1.5]}
    assert shown(before, after) == [
        ("/note", "a", "b", 1, 0),
        ("/sum", 0.30000000000000004, 0.3, 1, 1),
        ("/rows/0", 0.7999999999999999, 0.8, 1, 1),
    ]


@pytest.mark.parametrize(
    ("value", "other"),
    [(100.0, 100.01), (1_000_000_000, 1_000_000_010), (1, 2), (10**400, 1), (1e308, 1e-308)],
)
def test_a_real_change_is_no_rounding(value: Any, other: Any) -> None:
    assert shown({"total": value}, {"total": other}) == [("/total", value, other, 1, 0)]


def test_order_alone_is_minor_and_a_changed_value_is_not() -> None:
    (order,) = path_changes(["a", "b", "c"], ["c", "a", "b"])
    (value,) = path_changes({"a": 1}, {"a": 2})
    assert (order.is_minor, value.is_minor) == (True, False)


@pytest.mark.parametrize(
    ("before", "after"),
    [("{}.50", "{}.5"), ("{} kg ", "{} kg"), ("{},50", "{}.5")],
)
def test_another_spelling_does_not_hide_a_changed_value(before: str, after: str) -> None:
    value = [{"weight": before.format(n)} for n in range(1, 40)]
    other = [{"weight": after.format(n)} for n in range(1, 40)]
    other[30]["weight"] = "9931"
    (found,) = path_changes(value, other)
    assert (found.change.other, found.count, found.rounding) == ("9931", 39, 0)


def test_numbers_measured_anew_stay_in_place_and_follow_what_changed() -> None:
    value = {"scores": [0.7 + n * 1e-9 for n in range(60)], "vat": "A"}
    other = {"scores": [0.7 + n * 1.2e-9 for n in range(60)], "vat": "B"}
    first, *rest = path_changes(value, other)
    assert (first.change.path, [each.change.kind for each in rest]) == ("/vat", ["changed"])


def test_numbers_in_another_order_are_not_measured_anew() -> None:
    value = [n * 1.5 for n in range(1, 9)]
    (found,) = path_changes(value, value[::-1])
    assert found.change.kind == "reordered"
