from typing import Any

import pytest
from hypothesis import given, settings
from inline_snapshot import snapshot

from retab_mcp.digest.compact import compact_json
from retab_mcp.digest.pointer import resolve_pointer
from retab_mcp.digest.shape import Outlier, shape
from retab_mcp.safety.sanitize import sanitize
from tests.digest.strategies import row_lists
from tests.support.timing import cpu_seconds

Json = Any


def rows(count: int) -> list[Json]:
    return [
        {
            "qty": n % 50 + 1,
            "price": n / 4,
            "currency": "EUR" if n % 3 else "USD",
            "paid": n % 2 == 0,
            "note": None,
            "lines": [{"sku": f"S{n}", "tags": ["a"]}],
        }
        for n in range(count)
    ]


def test_rows_are_described_by_key() -> None:
    assert shape(rows(1000)).description == snapshot(
        {
            "type": "object",
            "keys": {
                "qty": {"type": "integer", "min": 1, "max": 50},
                "price": {"type": "number", "min": 0.0, "max": 249.75},
                "currency": {"type": "string", "values": {"EUR": 666, "USD": 334}},
                "paid": {"type": "boolean", "values": {"true": 500, "false": 500}},
                "note": "null",
                "lines": {
                    "type": "array",
                    "length": 1,
                    "items": {
                        "type": "object",
                        "keys": {
                            "sku": "string",
                            "tags": {
                                "type": "array",
                                "length": 1,
                                "items": {"type": "string", "values": {"a": 1000}},
                            },
                        },
                    },
                },
            },
        }
    )


@pytest.mark.parametrize(
    ("change", "outlier"),
    [
        ({"qty": "12 pcs"}, Outlier("/rows/700/qty", "string among integers", "12 pcs")),
        ({"price": None}, Outlier("/rows/700/price", "null", None)),
        ({"lines": []}, Outlier("/rows/700/lines", "empty", [])),
        ({"currency": ""}, Outlier("/rows/700/currency", "empty", "")),
        ({"currency": "GBP"}, Outlier("/rows/700/currency", "rare value", "GBP")),
        ({"extra": [1, 2]}, Outlier("/rows/700/extra", "key only here", "array of 2")),
        (
            {"lines": [{"sku": 5, "tags": ["a"]}]},
            Outlier("/rows/700/lines/0/sku", "integer among strings", 5),
        ),
        (
            {"lines": [{"sku": "S", "tags": ["a", None]}]},
            Outlier("/rows/700/lines/0/tags/1", "null", None),
        ),
        ({"qty": {"value": 3}}, Outlier("/rows/700/qty", "object among integers", "object of 1")),
    ],
)
def test_the_one_item_that_differs_is_an_outlier(change: Json, outlier: Outlier) -> None:
    items = rows(20_000)
    items[700] |= change
    assert shape(items, "/rows").outliers == [outlier]


def test_the_one_row_without_a_key_is_an_outlier() -> None:
    items = rows(1000)
    del items[700]["qty"]
    result = shape(items, "/rows")
    assert [(each.path, each.why) for each in result.outliers] == [("/rows/700", "no key qty")]
    assert result.description["keys"]["qty"] == {
        "present": 999,
        "type": "integer",
        "min": 1,
        "max": 50,
    }


def test_the_one_item_of_another_type_is_an_outlier() -> None:
    items = rows(500)
    items[17] = "n/a"
    assert shape(items, "/rows").outliers == [Outlier("/rows/17", "string among objects", "n/a")]


def test_pointers_escape_keys() -> None:
    items: list[Json] = [{"a/b~c": 1} for _ in range(50)]
    items[3]["a/b~c"] = "x"
    assert shape(items).outliers[0].path == "/3/a~1b~0c"


def test_members_of_a_map_are_described_together() -> None:
    members = {f"doc_{n}": {"pages": n} for n in range(200)}
    members["doc_9"] = {"pages": -1}
    result = shape(members, "/documents")
    assert result.description == snapshot(
        {"type": "object", "keys": {"pages": {"type": "integer", "min": -1, "max": 199}}}
    )


def test_objects_whose_keys_are_data_are_maps() -> None:
    items: list[Json] = [{f"key_{n}_{m}": m for m in range(5)} for n in range(40)]
    items[20]["key_20_0"] = None
    result = shape(items, "/rows")
    assert result.description == snapshot(
        {
            "type": "object",
            "length": 5,
            "map_of": {
                "type": "integer",
                "null": 1,
                "min": 0,
                "max": 4,
                "values": {"1": 40, "2": 40, "3": 40, "4": 40, "0": 39},
            },
        }
    )
    assert result.outliers == [Outlier("/rows/20/key_20_0", "null", None)]


@pytest.mark.parametrize(
    ("values", "description"),
    [
        ([], "nothing"),
        ([None, None], "null"),
        ([1, 2.5], {"type": "number", "min": 1, "max": 2.5}),
        ([True, False, True, True], {"type": "boolean", "values": {"true": 3, "false": 1}}),
        (["x" * 100, "y" * 300], {"type": "string", "length": [100, 300]}),
        ([float("nan"), 3.0, 1.0], {"type": "number", "min": 1.0, "max": 3.0}),
        ([float("nan")] * 2, "number"),
        ([1, "a"], {"types": {"integer": 1, "string": 1}, "min": 1, "max": 1}),
        ([[], []], {"type": "array", "length": 0, "empty": 2}),
        ([{}, {}], {"type": "object", "empty": 2}),
        (
            [["a"], ["b", "c"]],
            {"type": "array", "length": [1, 2], "items": "string"},
        ),
        (["", ""], {"type": "string", "empty": 2}),
        ([{"a": 1}], {"type": "object", "keys": {"a": "integer"}}),
    ],
)
def test_small_arrays(values: list[Json], description: Json) -> None:
    assert shape(values).description == description


def test_outliers_are_bounded() -> None:
    items = [{f"k{key}": "x" if n == key else 1 for key in range(60)} for n in range(1000)]
    assert len(shape(items).outliers) == 20


@settings(max_examples=100, deadline=None)
@given(row_lists())
def test_any_rows_are_described_and_outliers_resolve(items: list[Json]) -> None:
    items = sanitize(items).value
    result = shape(items, "/rows")
    compact_json(result.description)
    for outlier in result.outliers:
        found = resolve_pointer({"rows": items}, outlier.path).value
        if not isinstance(found, str | list | dict):
            assert compact_json(outlier.value) == compact_json(found)


@pytest.mark.parametrize(
    "make",
    [
        rows,
        lambda count: [{f"k{n}": n} for n in range(count)],
        lambda count: [[[n]] for n in range(count)],
        lambda count: [{"a": n} if n % 2 else {"b": n} for n in range(count)],
    ],
    ids=["rows", "other keys in each", "nested", "two kinds"],
)
def test_time_grows_linearly_with_size(make: Any) -> None:
    small, large = make(2_000), make(32_000)
    # Sixteen times the input; the factor of four beyond that allows for a busy machine, and the
    # least time for the scattered memory of a process that has run many tests.
    small_seconds, large_seconds = (cpu_seconds(shape, value, rounds=3) for value in (small, large))
    assert large_seconds < max(64 * small_seconds, 0.12)


def test_repeated_numbers_are_listed_and_the_rare_one_is_an_outlier() -> None:
    answers = [{"status": 500 if n == 71 else 200, "took": n / 4} for n in range(1000)]
    described, outliers = shape(answers, "/attempts")
    assert described["keys"]["status"] == snapshot(
        {"type": "integer", "min": 200, "max": 500, "values": {"200": 999, "500": 1}}
    )
    assert described["keys"]["took"] == {"type": "number", "min": 0.0, "max": 249.75}
    assert outliers == [Outlier("/attempts/71/status", "rare value", 500)]


def test_a_column_with_nan_has_a_range_and_no_counts() -> None:
    assert shape([1.5, float("nan")] * 20).description == {"type": "number", "min": 1.5, "max": 1.5}
