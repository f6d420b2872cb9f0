"""Rules about one record: what must be said of a wrong one, and nothing of a similar sound one."""

from typing import Any

import pytest

from retab_mcp.analysis.record_rules.failed import find_failed_record
from retab_mcp.analysis.record_rules.near_names import near_names
from retab_mcp.models import Artifact, ErrorDetails, Failure
from tests.analysis.operations.reading import findings_of, paths_of

ROWS = {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}}
SCHEMA = {"type": "object", "properties": {"lines": ROWS, "notes": ROWS}, "required": ["lines"]}
ONCE = [
    {"name": "Cover", "allow_multiple_instances": False},
    {"name": "Invoice", "allow_multiple_instances": True},
]


def parts(*given: tuple[str, Any], name: str = "name", **fields: Any) -> dict[str, Any]:
    return {"output": [{name: each, "pages": pages} for each, pages in given], **fields}


def votes(*choices: dict[str, Any]) -> dict[str, Any]:
    return {"output": choices[0], "consensus": {"choices": list(choices)}}


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
        {"output": [{"key": "K", "pages": []}, {"pages": []}]},
        ("pages_empty", "no pages in K, a part"),
    ),
    (
        "split",
        parts(("A", [9, 1, 8]), file={"page_count": 3}),
        ("pages_invalid", "A: pages 8-9 of a document of 3 pages"),
    ),
    ("parse", parse("", "b", "c", ""), ("pages_empty", "pages 1,4 of 4 have no text")),
    ("parse", parse("a", "b", ""), ("pages_empty", "page 3 of 3 has no text")),
    (
        "split",
        parts(("x", [1]), ("y", [2]), ("x", [3]), ("z", [4]), subdocuments=ONCE),
        (
            "unknown_part",
            'part "x" is none of the configured: Cover, Invoice; 2 more unknown parts',
        ),
    ),
    (
        "split",
        parts(("x", [1]), ("y", [2]), subdocuments=ONCE),
        (
            "unknown_part",
            'part "x" is none of the configured: Cover, Invoice; 1 more unknown part',
        ),
    ),
    (
        "partition",
        parts(("A", [1]), ("A", [2]), ("A", [3]), ("A", [4]), name="key"),
        ("part_repeated", '"A" is the key of 4 chunks: pages 1 and 2 and 3'),
    ),
    (
        "classification",
        {"output": {"category": "x"}, "categories": [{"name": f"C{each}"} for each in range(8)]},
        (
            "unknown_category",
            'category "x" is none of the configured: C0, C1, C2, C3, C4, C5 and 2 more',
        ),
    ),
    (
        "extraction",
        votes({"total": 120, "to": "A"}, {"total": 210, "to": "A"}, {"to": "A", "total": 120}),
        ("votes_disagree", "the votes split on total: 120 (2), 210 (1)"),
    ),
    (
        "extraction",
        votes({"lines": [{"sku": "a"}]}, {"lines": [{}]}),
        ("votes_disagree", 'the votes split on lines.0.sku: "a" (1), absent (1)'),
    ),
    (
        "extraction",
        votes({"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2, "c": 2}),
        (
            "votes_disagree",
            "the votes split on a: 1 (1), 2 (1); b: 1 (1), 2 (1) and 1 more field",
        ),
    ),
    (
        "extraction",
        votes({"a": 1}, {"a": 2}, {"a": 3}, {"a": 4}, {"a": 5}),
        ("votes_disagree", "the votes split on a: 1 (1), 2 (1), 3 (1) and 2 more"),
    ),
    (
        "extraction",
        {"output": {"lines": [{"sku": None}]}, "json_schema": SCHEMA},
        (
            "table_empty",
            "a table that the schema requires came out empty: lines has 1 row of nulls",
        ),
    ),
    (
        "extraction",
        {
            "output": {"lines": []},
            "json_schema": {
                "properties": {"lines": {"anyOf": [{"type": "null"}, ROWS]}},
                "required": ["lines"],
            },
        },
        ("table_empty", "a table that the schema requires came out empty: lines has no rows"),
    ),
    (
        "extraction",
        {
            "output": {"lines": []},
            "json_schema": {
                "properties": {"lines": {"items": {"type": "object"}}},
                "required": ["lines"],
            },
        },
        ("table_empty", "a table that the schema requires came out empty: lines has no rows"),
    ),
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
    ("split", parts(("A", "1-3"), ("B", "4 - 9"), ("C", "2-b"))),
    ("split", parts(("A", [1, 3]), ("B", [2]))),
    ("parse", parse("", "", "")),
    ("extraction", votes({"to": "ACME GmbH"}, {"to": "Acme GmbH."})),
    ("extraction", votes({"a": 1}, {"a": 1}, {"a": 1}, {"a": 2})),
    ("extraction", {"output": {"lines": []}, "json_schema": {"properties": {"lines": ROWS}}}),
    ("extraction", {"output": {"notes": []}, "json_schema": SCHEMA | {"required": []}}),
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


POINTED: list[tuple[str, dict[str, Any], dict[str, tuple[str, ...]]]] = [
    (
        "parse",
        parse("a", "", "c", "", "", "", "g", file={"page_count": 8}),
        {
            "the document has 8 pages, but the text only 7": ("/output/pages",),
            "pages 2,4-6 of 7 have no text": (
                "/output/pages/1",
                "/output/pages/3",
                "/output/pages/4",
            ),
        },
    ),
    (
        "split",
        parts(("A", [1]), ("B", []), ("C", [0]), allow_overlap=True),
        {
            "C: page 0, but pages count from 1": ("/output/2/pages",),
            "no pages in B": ("/output/1/pages",),
        },
    ),
    (
        "split",
        parts(("Invoice", [1]), ("x", [2]), subdocuments=ONCE),
        {'part "x" is none of the configured: Cover, Invoice': ("/output/1/name",)},
    ),
    (
        "partition",
        parts(("A", [1]), ("B", [2]), ("A", [3]), name="key"),
        {'"A" is the key of 2 chunks: pages 1 and 3': ("/output/0", "/output/2")},
    ),
    (
        "classification",
        {"output": {"category": "x"}, "categories": [{"name": "Order"}]},
        {'category "x" is none of the configured: Order': ("/output/category",)},
    ),
    (
        "extraction",
        {"output": {"lines": []}, "json_schema": SCHEMA},
        {"a table that the schema requires came out empty: lines has no rows": ("/output/lines",)},
    ),
    (
        "extraction",
        votes({"a": 1, "b": {"c": 1}}, {"a": 1, "b": {"c": 2}}),
        {"the votes split on b.c: 1 (1), 2 (1)": ("/output/b/c",)},
    ),
]


@pytest.mark.parametrize(("operation", "data", "paths"), POINTED)
def test_findings_point_at_what_is_wrong(
    operation: str, data: dict[str, Any], paths: dict[str, tuple[str, ...]]
) -> None:
    assert paths_of(operation, data) == paths


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
        ("unit_price", ["price", "unitPrice", "unit_prise"], ["unitPrice", "unit_prise", "price"]),
        ("invoice_date", ["invoice_time", "due_date"], ["invoice_time"]),
        ("city", ["_", "city"], []),
        ("status", ["statistics"], []),
        ("", ["state"], []),
    ],
)
def test_near_names(name: str, others: list[str], near: list[str]) -> None:
    assert near_names(name, others) == near


@pytest.mark.parametrize(
    "words",
    [
        "status state phase stage lifecycle outcome result",
        "total amount sum value gross",
        "id identifier key number no nr ref reference code",
        "type kind category class",
        "name label title",
        "count number quantity qty size length",
        "error errors message reason",
        "date day time at timestamp",
        "supplier vendor seller",
        "customer client buyer",
        "items lines rows entries positions results",
        "done finished complete completed ready success",
    ],
)
def test_names_that_mean_the_same_are_near(words: str) -> None:
    first, *others = words.split()
    for other in others:
        assert near_names(f"order_{first}", [f"order_{other}"]) == [f"order_{other}"]
    assert near_names(f"order_{first}", ["order_colour"]) == []


def test_two_names_that_differ_in_two_words_are_not_near() -> None:
    assert near_names("invoice_total", ["order_amount"]) == []


@pytest.mark.parametrize(
    ("data", "fields", "said"),
    [
        ({"error": "no page"}, {}, "its record has an error: no page"),
        (
            {"status": "FAILED", "error": {"message": "no page"}},
            {"status": "error"},
            "its record has the status FAILED: no page",
        ),
        ({"status": "stopped"}, {"status": "cancelled"}, "its record has the status stopped"),
        ({"termination_reason": "error"}, {}, "its record says that the loop ended by an error"),
        (
            {},
            {"failure": Failure(message="no page", details=ErrorDetails(error_code="E7"))},
            "its record has an error: E7: no page",
        ),
        (
            {},
            {"failure": Failure(message="E7 no page", details=ErrorDetails(error_code="E7"))},
            "its record has an error: E7 no page",
        ),
    ],
)
def test_a_record_that_failed_of_a_step_that_completed(
    data: dict[str, Any], fields: dict[str, Any], said: str
) -> None:
    artifact = Artifact(**{"id": "a", "operation": "extraction", "data": data, **fields})
    (found,) = find_failed_record(artifact)
    assert found.message == f"the step completed, but {said}"
    assert found.paths == (("/error",) if ": " in said else ())


@pytest.mark.parametrize("data", [{}, {"termination_reason": "condition_met"}, {"error": None}])
def test_a_record_without_an_error_did_not_fail(data: dict[str, Any]) -> None:
    artifact = Artifact(id="a", operation="extraction", data=data, status="completed")
    assert list(find_failed_record(artifact)) == []
