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


def listed(payload: StepPayload, **known: Any) -> list[tuple[str, str, Any, int]]:
    found = suspicious_inputs(payload, **{"limit": 20, **known})
    assert found.count == len(found.first)
    return [(one.path, one.problem, one.value, one.count) for one in found.first]


def test_an_input_that_is_null_or_a_file_without_an_id() -> None:
    payload = StepPayload(
        {
            "gone": None,
            "file": {"type": "file", "document": {"filename": "scan.pdf"}},
            "lost": {"type": "file"},
            "fine": {"type": "file", "document": {"id": "file_1"}},
            "text": "plain",
        }
    )
    assert listed(payload) == [
        ("/handle_inputs/gone", "null", None, 1),
        ("/handle_inputs/file/document", "null", {"filename": "scan.pdf"}, 1),
        ("/handle_inputs/lost/document", "null", None, 1),
    ]


def test_problems_are_counted_over_the_rows_of_a_list() -> None:
    rows = [{"n": None, "t": " a", "e": ""}, {"n": None, "t": "b ", "e": " "}]
    payload = StepPayload({"in": {"type": "json", "data": {"rows": rows, "o": {}, "l": []}}})
    at = "/handle_inputs/in/data"
    assert listed(payload) == [
        (f"{at}/rows/0/n", "null", None, 2),
        (f"{at}/o", "empty", {}, 1),
        (f"{at}/l", "empty", [], 1),
        (f"{at}/rows/0/e", "empty", "", 2),
        (f"{at}/rows/0/t", "leading or trailing space", " a", 2),
    ]


@pytest.mark.parametrize(
    "text", ["1.234,56", "12,50", "€ 5", "5 EUR", "19 %", "-5.00", "1'000.00", "1 000,00"]
)
def test_an_amount_as_text(text: str) -> None:
    payload = StepPayload({"in": {"type": "json", "data": {"a": text}}})
    assert [problem for _, problem, *_ in listed(payload)] == ["number as text"]


@pytest.mark.parametrize(
    "text", ["12345", "2026-09-02", "A 5.00", "1.2.3", "5.000.00.1", "0" * 27 + ".00"]
)
def test_ids_and_other_texts_are_no_amounts(text: str) -> None:
    assert listed(StepPayload({"in": {"type": "json", "data": {"a": text}}})) == []


@pytest.mark.parametrize("quote", ["'", '"', "`"])
def test_the_value_that_the_error_quotes_comes_first(quote: str) -> None:
    payload = StepPayload({"in": {"type": "json", "data": {"a": None, "b": "PAID", "c": "OPEN"}}})
    assert listed(payload, message=f"unknown state {quote}PAID{quote}")[0] == (
        *("/handle_inputs/in/data/b", "quoted in the message", "PAID", 1),
    )


def test_types_that_a_schema_or_the_other_items_do_not_have() -> None:
    data = {"total": "x", "list": [1, 2, 3, 4, 5, 6, 7, 8, 9, "10x"]}
    schema = {"properties": {"total": {"type": "number"}}}
    payload = StepPayload({"in": {"type": "json", "data": data}})
    found = listed(payload, schemas={"in": schema})
    assert found == [
        ("/handle_inputs/in/data/list/9", "string among integers", "10x", 1),
        ("/handle_inputs/in/data/total", "wrong type for its schema", "x", 1),
    ]
