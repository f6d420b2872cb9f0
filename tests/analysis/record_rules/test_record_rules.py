"""Rules about one record: what must be said of a wrong one, and nothing of a similar sound one."""

from typing import Any

import pytest

from retab_mcp.analysis.record_rules.near_names import near_names
from tests.analysis.operations.reading import findings_of

ROWS = {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}}
SCHEMA = {"type": "object", "properties": {"lines": ROWS, "notes": ROWS}, "required": ["lines"]}
ONCE = [
    {"name": "Cover", "allow_multiple_instances": False},
    {"name": "Invoice", "allow_multiple_instances": True},
]


def parts(*given: tuple[str, Any], name: str = "name", **fields: Any) -> dict[str, Any]:
    return {"output": [{name: each, "pages": pages} for each, pages in given], **fields}


def parse(*pages: Any, **fields: Any) -> dict[str, Any]:
    return {"output": {"pages": list(pages), "text": "some"}, **fields}


WRONG: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    ("parse", parse("a", "", "", "b"), ("pages_empty", "pages 2-3 of 4 have no text")),
    ("parse", parse("a", " \n", "c"), ("pages_empty", "page 2 of 3 has no text")),
    (
        "parse",
        parse({"markdown": "a"}, {"markdown": ""}, {"markdown": "c"}),
        ("pages_empty", "page 2 of 3 has no text"),
    ),
    (
        "parse",
        parse("a", "b", usage={"page_count": 5}),
        ("pages_empty", "the document has 5 pages, but the text only 2"),
    ),
    ("split", parts(("A", [0, 1])), ("pages_invalid", "A: page 0, but pages count from 1")),
    (
        "split",
        parts(("A", [1, 2]), ("B", [3, 4]), file={"page_count": 3}),
        ("pages_invalid", "B: page 4 of a document of 3 pages"),
    ),
    ("split", parts(("A", [3, 2, 1])), ("pages_invalid", "A: pages in reverse order, 3 to 1")),
    ("partition", parts(("K", "9-4"), name="key"), ("pages_invalid", "K: pages 9-4 are reversed")),
    (
        "split",
        {"output": [{"name": "S", "pages": [], "regions": [{"row_start": 9, "row_end": 2}]}]},
        ("pages_invalid", "S: rows 9 to 2 are reversed"),
    ),
    ("split", parts(("A", [1]), ("B", [])), ("pages_empty", "no pages in B")),
    (
        "split",
        parts(("invoice", [1]), subdocuments=ONCE),
        (
            "unknown_part",
            'part "invoice" is none of the configured: Invoice, Cover (near: Invoice)',
        ),
    ),
    (
        "split",
        parts(("Cover", [1]), ("Cover", [2, 3]), subdocuments=ONCE),
        ("part_repeated", '"Cover" may occur once and was split in 2 parts: pages 1 and 2-3'),
    ),
    (
        "partition",
        parts(("A-1", [1]), ("A-2", [2]), ("A-1", [3]), name="key"),
        ("part_repeated", '"A-1" is the key of 2 chunks: pages 1 and 3'),
    ),
    (
        "classification",
        {"output": {"category": "quotation"}, "categories": [{"name": "Order"}, {"name": "Quote"}]},
        ("unknown_category", 'category "quotation" is none of the configured: Order, Quote'),
    ),
    (
        "extraction",
        {"output": {"lines": []}, "json_schema": SCHEMA},
        ("table_empty", "a table that the schema requires came out empty: lines has no rows"),
    ),
    (
        "extraction",
        {"output": {"lines": [{"sku": None}, {"sku": ""}]}, "json_schema": SCHEMA},
        (
            "table_empty",
            "a table that the schema requires came out empty: lines has 2 rows, all of them null",
        ),
    ),
    (
        "extraction",
        {
            "output": {"order": {"lines": []}},
            "json_schema": {
                "type": "object",
                "properties": {"order": {"$ref": "#/$defs/order"}},
                "$defs": {"order": SCHEMA},
            },
        },
        ("table_empty", "a table that the schema requires came out empty: lines has no rows"),
    ),
]

SOUND: list[tuple[str, dict[str, Any]]] = [
    ("parse", parse("a", "b", "c")),
    ("parse", parse("front", "", "front", "", "front", "")),
    ("parse", parse("a", "b", "c", "")),
    ("parse", parse("a", "b", usage={"page_count": 2})),
    ("split", parts(("A", [1, 2]), ("B", [3]), file={"page_count": 3})),
    ("split", parts(("Invoice", [1]), ("Invoice", [2]), subdocuments=ONCE)),
    ("split", parts(("Cover", [1]), ("Cover", [2]), subdocuments=[{"name": "Cover"}])),
    (
        "split",
        {"output": [{"name": "S", "pages": [], "regions": [{"row_start": 2, "row_end": 9}]}]},
    ),
    ("partition", parts(("K1", [1]), ("K2", [2]), name="key")),
    ("classification", {"output": {"category": "Order"}, "categories": [{"name": "Order"}]}),
    ("classification", {"output": {"category": "Order"}, "categories": []}),
    ("extraction", {"output": {"lines": [{"sku": "a"}], "notes": []}, "json_schema": SCHEMA}),
    ("extraction", {"output": {"lines": [{"sku": None}, {"sku": 0}]}, "json_schema": {}}),
    (
        "extraction",
        {
            "output": {"tags": []},
            "json_schema": {
                "properties": {"tags": {"type": "array", "items": {"type": "string"}}},
                "required": ["tags"],
            },
        },
    ),
]


@pytest.mark.parametrize(("operation", "data", "finding"), WRONG)
def test_what_is_wrong_is_said(operation: str, data: dict[str, Any], finding: Any) -> None:
    assert finding in findings_of(operation, data)


@pytest.mark.parametrize(("operation", "data"), SOUND)
def test_nothing_is_said_of_a_sound_record(operation: str, data: dict[str, Any]) -> None:
    assert findings_of(operation, data) == []


@pytest.mark.parametrize(
    ("name", "others", "near"),
    [
        ("status", ["id", "state"], ["state"]),
        ("total", ["total_amount", "currency"], ["total_amount"]),
        ("invoice_no", ["invoiceNo", "invoice_number"], ["invoiceNo", "invoice_number"]),
        ("Total", ["total", "date"], ["total"]),
        ("supplier_name", ["vendor_name", "city"], ["vendor_name"]),
        ("recieved", ["received"], ["received"]),
        ("iban", ["currency", "city"], []),
        ("status", ["statistics"], []),
        ("", ["state"], []),
    ],
)
def test_near_names(name: str, others: list[str], near: list[str]) -> None:
    assert near_names(name, others) == near
