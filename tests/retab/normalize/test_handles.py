"""Handles: documents have one form, everything else is kept as sent."""

from typing import Any

import pytest
from hypothesis import given

from retab_mcp.retab.normalize.handles import handles_from_wire
from tests.retab.wires import JSON

DOCUMENT = {"id": "file_1", "filename": "invoice.pdf", "mime_type": "application/pdf"}
OLDER = {"file_id": "file_1", "filename": "invoice.pdf", "mime_type": "application/pdf"}


@pytest.mark.parametrize(
    "wire",
    [
        {"type": "file", "document": DOCUMENT},
        {"type": "file", "document": OLDER},
        {"type": "file", **DOCUMENT},
        {"type": "file", "document": None, **OLDER},
    ],
)
def test_forms_of_a_document(wire: dict[str, Any]) -> None:
    handle = handles_from_wire({"input-file-0": wire})["input-file-0"]
    assert handle == {"type": "file", "document": DOCUMENT}


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {"type": "json", "data": None},
        {"type": "json", "data": {"total": None, "rows": []}},
        {"type": "json", "data": [1, "2"], "filename": "a field of the caller"},
        {"type": "text", "text": "hello"},
        {"type": "json_ref", "artifact_ref": {"id": "x"}, "preview": {"a": 1}, "document": None},
        {"type": "file", "document": None},
        {"type": "a_kind_to_come", "value": 1},
        "bare",
        3,
    ],
)
def test_everything_else_stays(payload: Any) -> None:
    assert handles_from_wire({"input-json-0": payload}) == {"input-json-0": payload}


@pytest.mark.parametrize("value", [None, [], "x", 0])
def test_a_map_of_another_type_is_empty(value: Any) -> None:
    assert handles_from_wire(value) == {}


def test_the_body_is_not_modified() -> None:
    wire = {"input-file-0": {"type": "file", **OLDER}}
    handles_from_wire(wire)
    assert wire == {"input-file-0": {"type": "file", **OLDER}}


@given(JSON)
def test_any_json_reads_and_keeps_its_handles(value: Any) -> None:
    handles = handles_from_wire(value)
    assert len(handles) == (len(value) if isinstance(value, dict) else 0)
