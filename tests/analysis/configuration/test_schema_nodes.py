"""The schema nodes of the fields that an extraction misses or got wrong."""

from typing import Any

import pytest

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.configuration.schema_nodes import schema_nodes
from retab_mcp.models import FailureKind

DATE = {"type": "string", "format": "date", "description": "Day of issue", "title": "Date"}
SCHEMA = {
    "type": "object",
    "properties": {
        "date": DATE,
        "buyer": {"$ref": "#/$defs/party"},
        "lines": {
            "type": "array",
            "items": {"properties": {"price": {"type": "number", "minimum": 0}}},
        },
    },
    "$defs": {"party": {"properties": {"vat_id": {"type": "string", "X-Prompt": "Top right"}}}},
}


def nodes(
    message: str = "", schema: Any = SCHEMA, key: str = "json_schema", **evidence: Any
) -> Any:
    cause = RootCause(
        step=None,
        message=message,
        stage=None,
        category=None,
        kind=FailureKind.SCHEMA_VIOLATION,
        suggestion="",
        reasons=(),
        evidence=evidence,
    )
    return schema_nodes({key: schema}, cause)


def test_the_node_of_a_missing_field_says_how_it_is_to_be_extracted() -> None:
    rows = {"count": 1, "first": [{"path": "/output/date", "problem": "null"}]}
    assert nodes(required_missing=rows) == {
        "date": {"type": "string", "format": "date", "description": "Day of issue"}
    }


@pytest.mark.parametrize(
    ("path", "node"),
    [
        ("/output/lines/3/price", {"lines/price": {"type": "number", "minimum": 0}}),
        ("/lines/0/price", {"lines/price": {"type": "number", "minimum": 0}}),
        ("/output/buyer/vat_id", {"buyer/vat_id": {"type": "string", "X-Prompt": "Top right"}}),
        ("/output/unknown", {}),
    ],
)
def test_fields_are_found_in_rows_and_through_references(path: str, node: Any) -> None:
    assert nodes(type_mismatches={"first": [{"path": path}]}) == node
    assert nodes(type_mismatches=[path]) == node
    assert nodes(type_mismatches=path) == node


def test_two_fields_at_most_are_shown_and_each_once() -> None:
    paths = ["/output/lines/0/price", "/output/lines/1/price", "/output/date", "/output/buyer"]
    assert list(nodes(required_missing=paths)) == ["lines/price", "date"]


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("'vat_id' is a required property", ["buyer/vat_id"]),
        ('missing "date"', ["date"]),
        ("lines.price is not a number", ["lines/price"]),
        ("the date is missing", []),
        ("price is not a number", []),
    ],
)
def test_without_evidence_the_fields_of_the_message_are_shown(
    message: str, names: list[str]
) -> None:
    assert list(nodes(message)) == names


@pytest.mark.parametrize("key", ["json_schema", "schema", "output_schema"])
def test_the_schema_has_several_names(key: str) -> None:
    assert list(nodes("'date'", key=key)) == ["date"]


@pytest.mark.parametrize("schema", [None, "text", [], {}, {"properties": None}])
def test_a_schema_of_another_shape_shows_nothing(schema: Any) -> None:
    assert nodes("'date'", schema) == {}


def test_definitions_may_have_their_older_name() -> None:
    schema = {
        "properties": {"buyer": {"$ref": "#/definitions/party"}},
        "definitions": {"party": {"properties": {"name": {"type": "string"}}}},
    }
    assert nodes("'name'", schema) == {"buyer/name": {"type": "string"}}


def test_a_schema_that_refers_to_itself_is_read_to_a_limit() -> None:
    schema: Any = {"properties": {"part": {"$ref": "#/$defs/part"}}}
    schema["$defs"] = {"part": {"properties": {"part": {"$ref": "#/$defs/part"}, "x": {}}}}
    assert list(nodes("'x'", schema)) == ["part/x", "part/part/x"]


def test_a_long_description_is_cut() -> None:
    schema = {"properties": {"a": {"description": "word " * 200, "enum": ["x"]}}}
    node = nodes("'a'", schema)["a"]
    assert node["enum"] == ["x"]
    assert len(node["description"]) < 300
