"""Suspicious inputs of a step."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.lineage.suspicious_inputs import suspicious_inputs
from retab_mcp.digest.pointer import resolve_pointer
from retab_mcp.models import StepPayload


def _payload(data: Any) -> StepPayload:
    return StepPayload(handle_inputs={"input-json-0": {"type": "json", "data": data}})


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (None, "null"),
        ("", "empty"),
        ("  ", "empty"),
        ([], "empty"),
        ({}, "empty"),
        ("4,999.00 EUR", "number as text"),
        ("1.180,00", "number as text"),
        ("€ 12", "number as text"),
        ("-3.5", "number as text"),
        (" Acme Corp", "leading or trailing space"),
        ("Acme Corp\n", "leading or trailing space"),
    ],
)
def test_suspicious_values(value: Any, problem: str) -> None:
    found = suspicious_inputs(_payload({"field": value}))
    assert [(one.path, one.problem, one.value) for one in found.first] == [
        ("/handle_inputs/input-json-0/data/field", problem, value)
    ]


@pytest.mark.parametrize(
    "value", ["90177", "2026-08-07", "PO-88120", "DE811234567", "Acme", 0, False, 1.5, "10.12.2026"]
)
def test_values_that_are_not_suspicious(value: Any) -> None:
    assert suspicious_inputs(_payload({"field": value})).count == 0


def test_array_items_count_as_one_place_and_rare_ones_come_first() -> None:
    rows: list[dict[str, Any]] = [{"qty": 1, "note": ""} for _ in range(1000)]
    rows[617] = {"qty": None, "note": ""}
    found = suspicious_inputs(_payload({"rows": rows}))
    assert [(one.path, one.problem, one.count) for one in found.first] == [
        ("/handle_inputs/input-json-0/data/rows/617/qty", "null", 1),
        ("/handle_inputs/input-json-0/data/rows/0/note", "empty", 1000),
    ]


def test_a_handle_without_payload_or_document() -> None:
    payload = StepPayload(
        handle_inputs={
            "gone": None,
            "file": {"type": "file", "document": None},
            "fine": {"type": "file", "document": {"id": "file_1"}},
        }
    )
    assert [one.path for one in suspicious_inputs(payload).first] == [
        "/handle_inputs/gone",
        "/handle_inputs/file/document",
    ]


def test_schema_adds_values_of_a_wrong_type() -> None:
    schema = {"properties": {"qty": {"type": "integer"}}}
    found = suspicious_inputs(_payload({"qty": "seven"}), {"input-json-0": schema})
    assert [(one.path, one.problem) for one in found.first] == [
        ("/handle_inputs/input-json-0/data/qty", "wrong type for its schema")
    ]


def test_deep_nesting_is_read() -> None:
    deep: Any = None
    for _ in range(100_000):
        deep = [deep]
    assert suspicious_inputs(_payload(deep)).count == 1


_JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=15,
)


@given(_JSON)
def test_every_path_resolves_to_the_value(data: Any) -> None:
    payload = _payload(data)
    for one in suspicious_inputs(payload, limit=50).first:
        record = {"handle_inputs": payload.handle_inputs}
        assert resolve_pointer(record, one.path).value == one.value


def test_single_item_of_another_type_comes_before_nulls() -> None:
    rows: list[dict[str, Any]] = [{"qty": number, "note": None} for number in range(50)]
    rows[31]["qty"] = "12 pcs"
    first = suspicious_inputs(_payload({"rows": rows})).first[0]
    assert first.path == "/handle_inputs/input-json-0/data/rows/31/qty"
    assert (first.problem, first.value) == ("string among integers", "12 pcs")


def test_values_quoted_in_the_message_come_first() -> None:
    data = {"sheets": [{"grade": "B2"}, {"grade": "C3"}], "note": None, "code": 4711}
    first = suspicious_inputs(_payload(data), message="KeyError: 'C3'").first[0]
    assert first.path == "/handle_inputs/input-json-0/data/sheets/1/grade"
    assert first.problem == "quoted in the message"
    by_number = suspicious_inputs(_payload(data), message='no account "4711"').first[0]
    assert by_number.value == 4711


def test_quoted_type_or_field_is_not_a_value() -> None:
    message = "unsupported operand type(s) for *: 'int' and 'NoneType' in 'qty'"
    found = suspicious_inputs(_payload({"qty": 3, "price": 2.5}), message=message)
    assert found.count == 0
