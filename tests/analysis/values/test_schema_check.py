"""Data checked against its schema: missing fields and wrong types, with pointers."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.values.schema_check import MAX_DEPTH, check_schema
from retab_mcp.digest.pointer import resolve_pointer

NULLABLE = {"anyOf": [{"type": "string"}, {"type": "null"}]}
LINE = {
    "type": "object",
    "required": ["sku", "quantity", "note"],
    "properties": {"sku": {"type": "string"}, "quantity": {"type": "integer"}, "note": NULLABLE},
}
SCHEMA = {
    "type": "object",
    "required": ["number", "date", "lines"],
    "properties": {
        "number": {"type": "string"},
        "date": {"type": "string"},
        "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}},
        "seller": {"anyOf": [{"$ref": "#/$defs/line"}, {"type": "null"}]},
    },
    "$defs": {"line": LINE},
}


def _line(number: int, **changes: Any) -> dict[str, Any]:
    return {"sku": f"A{number}", "quantity": number, "note": "", **changes}


def test_valid_data_has_no_faults() -> None:
    data = {"number": "1", "date": "2026-01-01", "lines": [_line(1)], "seller": None}
    report = check_schema(data, SCHEMA)
    assert (report.missing, report.mismatches, report.unchecked) == ([], [], None)


def test_null_and_missing_are_distinguished() -> None:
    report = check_schema({"number": None, "lines": []}, SCHEMA, "/output")
    found = [(entry.path, entry.field, entry.problem) for entry in report.missing]
    assert found == [("/output/number", "number", "null"), ("/output", "date", "missing")]
    assert report.mismatches == []  # the null is reported once


def test_a_null_that_the_schema_allows_comes_last() -> None:
    data = {"number": None, "date": "x", "lines": [_line(1, note=None)]}
    report = check_schema(data, SCHEMA)
    assert [(entry.path, entry.nullable) for entry in report.missing] == [
        ("/number", False),
        ("/lines/0/note", True),
    ]


def test_one_odd_item_among_many_is_found_with_its_pointer() -> None:
    lines = [_line(number) for number in range(20_000)]
    lines[17_123]["quantity"] = "12 pcs"
    del lines[19_000]["sku"]
    report = check_schema({"number": "1", "date": "x", "lines": lines}, SCHEMA, "/output")
    assert [(fault.path, fault.expected, fault.value) for fault in report.mismatches] == [
        ("/output/lines/17123/quantity", "integer", "12 pcs")
    ]
    assert [(fault.path, fault.field) for fault in report.missing] == [
        ("/output/lines/19000", "sku")
    ]


def test_equal_faults_are_counted_exactly() -> None:
    lines = [_line(number, quantity=None if number % 3 == 0 else number) for number in range(300)]
    (entry,) = check_schema({"number": "1", "date": "x", "lines": lines}, SCHEMA).missing
    assert (entry.path, entry.count) == ("/lines/0/quantity", 100)


def test_faults_in_nested_arrays_multiply() -> None:
    schema = {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}
    (fault,) = check_schema([[1, "x", "y"], [2, "z", "w"], [3]], schema).mismatches
    assert (fault.path, fault.count) == ("/0/1", 4)


def test_union_reports_the_faults_of_the_matching_branch() -> None:
    data = {"number": "1", "date": "x", "lines": [], "seller": _line(1, quantity="one")}
    (fault,) = check_schema(data, SCHEMA).mismatches
    assert (fault.path, fault.expected) == ("/seller/quantity", "integer")


def test_union_without_matching_branch_names_all_types() -> None:
    schema = {"properties": {"a": {"anyOf": [{"type": "number"}, {"type": "null"}]}}}
    (fault,) = check_schema({"a": "4,999.00 EUR"}, schema).mismatches
    assert (fault.path, fault.expected) == ("/a", "number or null")


def test_a_whole_float_is_an_integer() -> None:
    assert check_schema([1, 2.0], {"items": {"type": "integer"}}).mismatches == []


def test_invalid_schema_is_reported_and_nothing_is_fetched() -> None:
    for schema in (
        {"$ref": "https://schemas.example.com/remote.json"},
        {"$ref": "#"},
        {"type": "objekt"},
        {"properties": {"a": 5}},
        "string",
        None,
    ):
        assert check_schema({"a": 1}, schema).unchecked


def test_a_catastrophic_pattern_is_not_run() -> None:
    schema = {"type": "string", "pattern": "^(a+)+$"}
    assert check_schema("a" * 40 + "!", schema).mismatches == []


def test_required_entries_that_are_not_names_are_ignored() -> None:
    schema: Any = {"type": "object", "required": [7, None, ["id"], "id"]}
    report = check_schema({"total": 1}, schema)
    assert [entry.field for entry in report.missing] == ["id"]


def test_data_nested_too_deep_is_not_checked() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    assert str(MAX_DEPTH) in (check_schema(deep, {"type": "array"}).unchecked or "")


_VALUES = st.none() | st.integers() | st.text(max_size=3) | st.booleans()


@given(st.lists(st.fixed_dictionaries({}, optional={"q": _VALUES, "t": _VALUES}), max_size=30))
def test_counts_equal_those_of_checking_each_item(items: list[dict[str, Any]]) -> None:
    schema = {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["q", "t"],
            "properties": {"q": {"type": "integer"}, "t": {"type": "string"}},
        },
    }
    report = check_schema(items, schema)
    wanted = [(name, item.get(name), name in item) for item in items for name in ("q", "t")]
    missing = sum(not there or value is None for _, value, there in wanted)
    wrong = sum(
        value is not None
        and not (
            isinstance(value, str)
            if name == "t"
            else isinstance(value, int) and not isinstance(value, bool)
        )
        for name, value, there in wanted
        if there
    )
    assert sum(entry.count for entry in report.missing) == missing
    assert sum(entry.count for entry in report.mismatches) == wrong
    for fault in report.mismatches:
        assert resolve_pointer(items, fault.path).value == fault.value
