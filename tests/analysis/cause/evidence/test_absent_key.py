"""An error about a missing key is joined with the keys that the input has."""

import pytest

from retab_mcp.analysis.cause.evidence.absent_key import absent_key_evidence
from retab_mcp.models import Json

SUPPLIER: Json = {"supplier": {"name": "Acme", "vat_number": "FR1"}, "country": "FR"}


def _absent(message: str, data: Json, *code: str) -> Json:
    inputs: dict[str, Json] = {"input-json-0": {"type": "json", "data": data}}
    return absent_key_evidence([message], code, inputs).get("absent_key")


@pytest.mark.parametrize(
    "message",
    [
        *("KeyError: 'vat_id'", 'KeyError: "vat_id"', "keyerror('vat_id')"),
        "AttributeError: 'dict' object has no attribute 'vat_id'",
        "jinja2.exceptions.UndefinedError: 'dict object' has no attribute 'vat_id'",
        *("Missing required field 'vat_id'", "field 'vat_id' is missing", "no such key: vat_id"),
        *('Undefined array key "vat_id"', "key not found: :vat_id", "data.vat_id is undefined"),
        *("Feld 'vat_id' fehlt", "la clé 'vat_id' est introuvable", "Falta el campo 'vat_id'"),
    ],
)
def test_nearest_key_is_named(message: str) -> None:
    assert _absent(message, SUPPLIER) == {
        "key": "vat_id",
        "path": "/handle_inputs/input-json-0/data/supplier",
        "keys": ["vat_number", "name"],
        "nearest": "vat_number",
    }


def test_rows_that_lack_the_key_are_counted() -> None:
    rows: list[Json] = [{"sku": "A", "qty": 1}, {"sku": "B"}, {"sku": "C", "qty": 2}]
    assert _absent("KeyError: 'qty'", {"rows": rows}) == {
        "key": "qty",
        "path": "/handle_inputs/input-json-0/data/rows/1",
        "keys": ["sku"],
        "absent_in": 1,
        "alike": 3,
    }


def test_key_that_is_somewhere_else() -> None:
    data: Json = {"meta": {"iban": "DE1"}, "name": "x"}
    found = _absent("KeyError: 'iban'", data)
    assert found == {
        "key": "iban",
        "path": "/handle_inputs/input-json-0/data",
        "keys": ["meta", "name"],
        "found_at": "/handle_inputs/input-json-0/data/meta/iban",
    }


def test_what_javascript_read_from_nothing() -> None:
    message = "TypeError: Cannot read properties of undefined (reading 'city')"
    line = "main.js:7 in main: return input.shipping.city.toUpperCase()"
    found = _absent(message, {"shipping_address": {"city": "Lyon"}, "id": 7}, line)
    assert isinstance(found, dict)
    assert (found["key"], found["nearest"]) == ("shipping", "shipping_address")
    # Without the code, the parent of the key is not known.
    assert _absent(message, {"shipping_address": {"city": "Lyon"}}) is None


@pytest.mark.parametrize(
    ("message", "data"),
    [
        # A value of the input that a table of the code lacks.
        ("KeyError: 'C3'", {"rows": [{"grade": "B1"}, {"grade": "C3"}]}),
        # The key is there: its value is at fault.
        ("KeyError: 'total'", {"total": None}),
        ("ValueError: 'vat_id' is malformed", SUPPLIER),
        ("NameError: name 'vat_id' is not defined", SUPPLIER),
        ("ModuleNotFoundError: No module named 'vat_id'", SUPPLIER),
        ("KeyError: 'vat_id'", "a text"),
        ("KeyError: 7", SUPPLIER),
    ],
)
def test_other_errors_name_no_absent_key(message: str, data: Json) -> None:
    assert _absent(message, data) is None


def test_several_inputs_and_files() -> None:
    inputs: dict[str, Json] = {
        "input-file-0": {"type": "file", "document": {"id": "f"}},
        "input-json-1": {"type": "json", "data": {"date": "x"}},
        "input-json-0": {"type": "json", "data": SUPPLIER},
        "input-json-2": None,
    }
    found = absent_key_evidence(["KeyError: 'vat_id'"], (), inputs)["absent_key"]
    assert isinstance(found, dict)
    assert found["nearest"] == "vat_number"


@pytest.mark.parametrize(
    ("key", "booking"), [("BK-2217", "BK-55"), ("A12_7", "A3_90"), ("ord-1", "ord-20")]
)
def test_id_that_a_table_lacks_is_no_key_of_the_input(key: str, booking: str) -> None:
    inputs = {"input-json-0": {"data": {"booking": booking, "pallets": 9}}}
    assert absent_key_evidence([f"KeyError: '{key}'"], (), inputs) == {}


def test_key_with_digits_is_absent_where_no_value_has_its_form() -> None:
    inputs = {"input-json-0": {"data": {"line1": "BK-55", "pallets": 9}}}
    assert absent_key_evidence(["KeyError: 'line2'"], (), inputs)["absent_key"]["key"] == "line2"


@pytest.mark.parametrize(
    "line",
    [
        "block.py:12 in main: return data['vendor']['vat_id']",
        'block.py:3 in main: number = item["vendor"]["vat_id"].strip()',
        "main.js:9 in main: const number = input.vendor.vat_id.trim()",
        "main.js:9 in main: input?.vendor?.vat_id",
    ],
)
def test_object_that_the_code_read_the_key_from(line: str) -> None:
    data: Json = {"lines": [{"net": 1.0}], "vendor": {"name": "Acme"}}
    assert _absent("KeyError: 'vat_id'", data, line) == {
        "key": "vat_id",
        "path": "/handle_inputs/input-json-0/data/vendor",
        "keys": ["name"],
    }


def test_object_in_one_of_many_rows_that_the_code_read_the_key_from() -> None:
    rows: list[Json] = [{"party": {"name": "A", "iban": "x"}}, {"party": {"name": "B"}}]
    found = _absent("KeyError: 'iban'", {"rows": rows}, "f.py:2 in main: r['party']['iban']")
    assert found == {
        "key": "iban",
        "path": "/handle_inputs/input-json-0/data/rows/1/party",
        "keys": ["name"],
        "absent_in": 1,
        "alike": 2,
    }


@pytest.mark.parametrize("line", ["b.py:1 in main: vendor['vat_id']", "b.py:1 in main: x = 1", ""])
def test_variable_of_the_code_is_no_name_of_the_input(line: str) -> None:
    data: Json = {"vendor": {"name": "Acme"}}
    assert _absent("KeyError: 'vat_id'", data, line)["path"].endswith("/data")
