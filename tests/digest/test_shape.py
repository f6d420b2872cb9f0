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


INTEGERS = {"type": "integer", "min": 1, "max": 3}


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
        ([5], "integer"),
        (["a" * 90], "string"),
        ([["a"]], {"type": "array", "length": 1, "items": "string"}),
        ([None, 5], {"type": "integer", "null": 1, "min": 5, "max": 5}),
        ([3.0, float("nan"), 1.0], {"type": "number", "min": 1.0, "max": 3.0}),
        (["a", "a", "b"], "string"),
        (["a", "a", "b", "b"], {"type": "string", "values": {"a": 2, "b": 2}}),
        (["", "a", "a", "a"], {"type": "string", "empty": 1, "values": {"a": 3, "": 1}}),
        ([[1], [2, 3], []], {"type": "array", "length": [0, 2], "empty": 1, "items": INTEGERS}),
        (["a", "b", "c", 1, 2], {"types": {"string": 3, "integer": 2}, "min": 1, "max": 2}),
    ],
)
def test_small_arrays(values: list[Json], description: Json) -> None:
    assert shape(values).description == description


def test_values_are_listed_if_at_most_eight_are_distinct() -> None:
    eight = [f"code {n % 8}" for n in range(80)]
    assert shape(eight).description["values"] == {f"code {n}": 10 for n in range(8)}
    assert shape([*eight, "code 8"]).description == "string"


def test_a_ninth_distinct_value_far_from_the_start_counts_too() -> None:
    values = [f"code {n % 8}" for n in range(2000)]
    assert len(shape(values).description["values"]) == 8
    assert shape([*values, "code 8"]).description == "string"


def test_values_are_listed_if_none_is_longer_than_forty_characters() -> None:
    assert shape(["a" * 40, "b"] * 9).description["values"] == {"a" * 40: 9, "b": 9}
    assert shape(["a" * 41, "b"] * 9).description == "string"


def test_the_lengths_of_strings_of_over_eighty_characters_are_described() -> None:
    assert shape(["a" * 80, "b"]).description == "string"
    assert shape(["a" * 81, "b"]).description == {"type": "string", "length": [1, 81]}


def test_objects_of_over_64_keys_between_them_are_maps() -> None:
    items = [{f"key_{2 * n}": "x", f"key_{2 * n + 1}": "y"} for n in range(32)]
    assert len(shape(items).description["keys"]) == 64
    description = shape([*items, {"key_64": "z"}]).description
    assert "keys" not in description
    assert description["length"] == [1, 2]
    assert description["map_of"]["values"] == {"x": 32, "y": 32, "z": 1}


def test_twelve_levels_are_described() -> None:
    value: Json = ["end"]
    for _ in range(20):
        value = [value]
    description = shape(value).description
    for _ in range(12):
        assert description["length"] == 1
        description = description["items"]
    assert description == "array"


@pytest.mark.parametrize("odd", [None, "12 pcs", 7, ""])
@pytest.mark.parametrize(("count", "total"), [(1, 10), (3, 30), (3, 500)])
def test_a_few_that_differ_are_outliers(odd: Json, count: int, total: int) -> None:
    usual = 4 if odd in (7, "12 pcs") else "EUR"
    places = list(range(2, 2 + 2 * count, 2))
    items = [{"x": odd if n in places else usual} for n in range(total)]
    outliers = shape(items, "/rows").outliers
    assert [each.path for each in outliers] == [f"/rows/{place}/x" for place in places]
    assert {each.value for each in outliers} == {odd}


@pytest.mark.parametrize("odd", [None, "12 pcs", 7, ""])
@pytest.mark.parametrize(("count", "total"), [(1, 9), (3, 29), (4, 500)])
def test_many_that_differ_are_not_outliers(odd: Json, count: int, total: int) -> None:
    usual = 4 if odd in (7, "12 pcs") else "EUR"
    assert shape([{"x": odd if n < count else usual} for n in range(total)]).outliers == []


@pytest.mark.parametrize(("count", "total"), [(1, 10), (3, 30), (3, 500)])
def test_a_key_of_a_few_items_or_missing_in_a_few_makes_outliers(count: int, total: int) -> None:
    extra: list[Json] = [{"a": 1, "b": n} if n < count else {"a": 1} for n in range(total)]
    assert shape(extra, "/rows").outliers == [
        Outlier(f"/rows/{n}/b", "key only here", n) for n in range(count)
    ]
    missing: list[Json] = [{"a": 1} if n < count else {"a": 1, "b": n} for n in range(total)]
    assert shape(missing, "/rows").outliers == [
        Outlier(f"/rows/{n}", "no key b", "object of 1") for n in range(count)
    ]


@pytest.mark.parametrize(("count", "total"), [(1, 9), (3, 29), (4, 500)])
def test_a_key_of_many_items_makes_no_outliers(count: int, total: int) -> None:
    items: list[Json] = [{"a": 1, "b": n} if n < count else {"a": 1} for n in range(total)]
    assert shape(items).outliers == []
    assert (
        shape([{"a": 1, "b": 2} if "b" not in item else {"a": 1} for item in items]).outliers == []
    )


@pytest.mark.parametrize(
    ("odd", "sample"),
    [
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 80 + "…"),
        ([1, 2, 3], "array of 3"),
        ({"a": 1}, "object of 1"),
        ([], []),
        ({}, {}),
        (False, False),
    ],
)
def test_the_sample_of_an_outlier_is_short(odd: Json, sample: Json) -> None:
    assert [each.value for each in shape([*range(20), odd]).outliers] == [sample]


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
