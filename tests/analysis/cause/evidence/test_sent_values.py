"""The value at the refused field is shown, with the count that fits its number."""

from typing import Any

import pytest

from retab_mcp.analysis.cause.evidence.sent_values import Sent, refused_values, what_was_sent
from retab_mcp.models import Artifact, Json

LINES: list[Json] = [{"sku": f"A-{number}", "net_mass_kg": 2.5} for number in range(300)]
LINES[200] = {"sku": "A-200", "net_mass_kg": 0}
ROWS: list[Json] = [{"Amount": "10.00"}, {"Amount": "n/a"}, {"Amount": "12.50"}, {"Amount": "7.00"}]


def found(data: Json, *responses: Json) -> list[Any]:
    return refused_values([Sent("/attempts/0", data)], list(responses))


@pytest.mark.parametrize(
    "text",
    [
        "line 201, net_mass_kg must exceed 0",
        "line 201: netMassKg must be positive",
        "Net mass kg must be greater than 0 (line 201)",
        "Zeile 201: net_mass_kg muss größer als 0",
        "lines[200].net_mass_kg must be > 0",
        "Invalid value at /lines/200/net_mass_kg",
        {"detail": [{"loc": ["body", "lines", 200, "net_mass_kg"], "msg": "too light"}]},
        {"errors": {"lines.200.net_mass_kg": ["must be positive"]}},
        {"errors": [{"path": "$.lines[200].net_mass_kg", "message": "too light"}]},
        {"errors": [{"source": {"pointer": "/lines/200/net_mass_kg"}, "title": "too light"}]},
        {"error": {"row": 201, "field": "net_mass_kg", "message": "must be positive"}},
        {"data": {"errors": [{"line": 200, "column": "net_mass_kg", "reason": "must be positive"}]}},
    ],
)  # fmt: skip
def test_the_count_that_fits_is_chosen(text: Json) -> None:
    [shown] = found({"lines": LINES}, text)
    assert shown["path"] == "/attempts/0/lines/200/net_mass_kg"
    assert shown["value"] == 0


def test_base_is_named() -> None:
    assert found({"lines": LINES}, "line 201, net_mass_kg must exceed 0")[0]["counted_from"] == 1
    assert found({"lines": LINES}, "line 200, net_mass_kg must exceed 0")[0]["counted_from"] == 0


def test_both_are_said_where_both_fit() -> None:
    data = {"parcels": [{"vat": 0}, {"vat": 0}, {"vat": 19}]}
    assert found(data, "parcel 1: vat must exceed 0") == [
        {"path": "/attempts/0/parcels/1/vat", "value": 0, "counted_from": 0},
        {"path": "/attempts/0/parcels/0/vat", "value": 0, "counted_from": 1},
    ]


def test_value_that_stands_out_fits() -> None:
    rows: list[Json] = [*ROWS, {"Amount": None}, *ROWS]
    [shown] = found({"rows": rows}, "row 5 column Amount is wrong")
    assert shown == {"path": "/attempts/0/rows/4/Amount", "value": None, "counted_from": 1}


def test_row_of_a_bare_list() -> None:
    [shown] = found(ROWS, "row 2, field 'Amount': got 'n/a'")
    assert shown == {"path": "/attempts/0/1/Amount", "value": "n/a", "counted_from": 1}


@pytest.mark.parametrize(
    "text",
    [
        "postcode missing",
        "'postcode' is a required property",
        "missing required field: postcode",
        "Field postcode fehlt",
        {"detail": [{"loc": ["body", "postcode"], "msg": "Field required"}]},
        {"errors": {"postcode": ["is required"]}},
    ],
)
def test_field_that_was_not_sent(text: Json) -> None:
    [shown] = found({"street": "Dock 4", "zip": None}, text)
    assert shown == {"path": "/attempts/0", "missing": "postcode", "keys": ["street", "zip"]}


def test_field_that_a_row_lacks() -> None:
    data = {"items": [{"sku": "a", "qty": 1}, {"sku": "b"}, {"sku": "c", "qty": 2}]}
    [shown] = found(data, "items.1.qty is required")
    assert shown == {"path": "/attempts/0/items/1", "missing": "qty", "keys": ["sku"]}


def test_null_is_a_value() -> None:
    assert found({"postcode": None}, "postcode is required") == [
        {"path": "/attempts/0/postcode", "value": None}
    ]


def test_one_value_of_a_name() -> None:
    data = {"order": {"ship_to": {"country_code": "XX"}}}
    assert found(data, "country code is unknown") == [
        {"path": "/attempts/0/order/ship_to/country_code", "value": "XX"}
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bad request",
        "the name of the game is over",
        "line 900, net_mass_kg must exceed 0",
        "order 17 was refused",
        "HTTP 422 for api.example.com/v1/lines",
        {"ok": False, "code": 12},
        [[[["deep"]]]],
    ],
)
def test_nothing_is_said_without_a_field(text: Json) -> None:
    assert found({"lines": LINES, "name": "x", "order": {"id": 3}}, text) == []


def test_rows_of_two_arrays_are_not_guessed() -> None:
    data = {"bought": [{"qty": 1}, {"qty": 0}], "sold": [{"qty": 2}, {"qty": 0}]}
    assert found(data, "record 2: qty must exceed 0") == []
    assert found(data, "sold 2: qty must exceed 0")[0]["path"] == "/attempts/0/sold/1/qty"


def test_sources_in_order() -> None:
    attempt = {
        "request_body": '{"qty": 0}',
        "request_url": "https://dock.example/slots?day=32",
        "request_headers": {"X-Version": "1"},
    }
    artifact = Artifact(id="a", operation="api_call_invocation", data={"attempts": [attempt]})
    inputs: dict[str, Json] = {"input-json-0": {"type": "json", "data": {"qty": 5}}, "file": None}
    sources = what_was_sent(artifact, inputs)
    assert sources == [
        Sent("/attempts/0/request_body", {"qty": 0}),
        Sent("/attempts/0/request_url", {"day": "32"}),
        Sent("/attempts/0/request_headers", {"X-Version": "1"}),
        Sent("/handle_inputs/input-json-0/data", {"qty": 5}),
    ]
    assert refused_values(sources, ["qty must be positive"]) == [
        {"path": "/attempts/0/request_body/qty", "value": 0}
    ]
    assert refused_values(sources, ["'day' is no date"])[0]["value"] == "32"


PYDANTIC = """2 validation errors for Declaration
lines.1.vat
  Input should be a valid number [type=float_type, input_value='n/a', input_type=str]
carrier
  Field required [type=missing]"""


def test_several_complaints_in_one_text() -> None:
    data = {"lines": [{"vat": 1.0}, {"vat": "n/a"}]}
    assert found(data, PYDANTIC) == [
        {"path": "/attempts/0/lines/1/vat", "value": "n/a", "counted_from": 0},
        {"path": "/attempts/0", "missing": "carrier", "keys": ["lines"]},
    ]


def test_name_below_a_row() -> None:
    data = {"positions": [{"price": {"net": 3}}, {"price": {"net": None}}]}
    [shown] = found(data, "position 2: price.net must not be null")
    assert shown["path"] == "/attempts/0/positions/1/price/net"


def test_plain_words_name_no_field_of_an_input() -> None:
    data: Json = {"file": "z", "name": "y", "text": "x"}
    source = [Sent("/handle_inputs/a/data", data)]
    for message in ("the name of the file is too long", "no text, and the input is missing"):
        assert refused_values(source, [message], of_request=False) == []
    [shown] = refused_values(source, ["field 'name' is too long"], of_request=False)
    assert shown == {"path": "/handle_inputs/a/data/name", "value": "y"}


def test_path_of_something_else_is_not_missing() -> None:
    assert found({"qty": 1}, "see docs.example.com/errors/422 and app.module.main") == []
