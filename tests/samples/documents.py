"""Documents that are parsed, split, partitioned and filled in."""

from retab_mcp.sandbox.builder import artifacts
from retab_mcp.sandbox.builder.graph import (
    MODEL,
    Workflow,
    block,
    document,
    edge,
    file_handle,
    json_handle,
    workflow,
)
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Json, Sample
from tests.samples import primitives
from tests.samples.generated import bookings, pdf_data_url, statement_pages

STATEMENTS = Workflow(
    slug="statement-reading",
    name="Bank statement reading",
    blocks=(
        block("start-statement", "start_document", "Statement uploaded"),
        block("parse-statement", "parse", "Read all pages", model=MODEL),
        block("extract-bookings", "extract", "Extract bookings", model=MODEL),
    ),
    edges=(
        edge("start-statement", "parse-statement", kind="file"),
        edge("parse-statement", "extract-bookings"),
    ),
)
BOOKING_SCHEMA = artifacts.object_schema(
    ("booked_on", "counterparty", "amount"),
    booked_on=artifacts.DATE,
    counterparty=artifacts.TEXT,
    purpose=artifacts.TEXT,
    reference=artifacts.TEXT,
    amount=artifacts.NUMBER,
)
STATEMENT_SCHEMA = artifacts.object_schema(
    ("account", "bookings"),
    account=artifacts.TEXT,
    bookings={"type": "array", "items": BOOKING_SCHEMA},
)
BOOKINGS = 640


def large_statement() -> Sample:
    """Return a parse of 412 pages, 1.3 MB of text, and 640 bookings from it."""
    build = RunBuilder("statement-large", STATEMENTS, "2026-08-04T06:30:00Z")
    statement = document("woodgrove-2026-h1.pdf")

    def text() -> dict[str, Json]:
        return {"output-json-0": json_handle({"text": "\n\n".join(statement_pages())})}

    def output() -> dict[str, Json]:
        return {"account": "DE02120300000000202051", "bookings": list(bookings(BOOKINGS))}

    build.step("start-statement", 0.2, outputs={"output-file-0": file_handle(statement)})
    parsed = build.artifact(
        "parse", "parse-statement", lambda: artifacts.parse(statement, statement_pages())
    )
    build.step(
        "parse-statement",
        188.0,
        outputs=text,
        artifact=parsed,
        model=MODEL,
        credits=41.2,
        page_count=412,
    )
    extracted = build.artifact(
        "extraction",
        "extract-bookings",
        lambda: artifacts.extraction(statement, STATEMENT_SCHEMA, output(), credits=20.0),
    )
    build.step(
        "extract-bookings",
        74.5,
        outputs=lambda: {"output-json-0": json_handle(output())},
        artifact=extracted,
        model=MODEL,
        credits=20.0,
    )
    run = build.run("completed", 263.0, documents={"start-statement": statement})
    return Sample(
        name="statement-large",
        title="412 pages parsed into 1.3 MB of text, 640 bookings extracted",
        runs=(run,),
    )


CLAIM_FILES = workflow(
    "claim-files",
    "Claim files",
    block("start-claim", "start_document", "Claim file scanned"),
    block("split-claim", "split", "Split claim file", model=MODEL),
    block("extract-estimate", "extract", "Extract repair estimate", model=MODEL),
    "start-claim > split-claim.repair-estimate > extract-estimate",
)
CLAIM_PARTS = {
    "Claim form": "The signed form of the insured.",
    "Police report": "The report of the police, if any.",
    "Repair estimate": "The garage's estimate with its total.",
}
ESTIMATE_SCHEMA = artifacts.object_schema(
    ("garage", "total"),
    garage=artifacts.TEXT,
    labour=artifacts.NUMBER,
    parts=artifacts.NUMBER,
    total=artifacts.NUMBER,
)


def split_gap() -> Sample:
    """Return a run whose split leaves two of 12 pages out, so that a total is null."""
    build = RunBuilder("claim-split-gap", CLAIM_FILES, "2026-08-04T09:15:00Z")
    build.start("start-claim", filename="claim-55810.pdf")
    pages = [
        ("Claim form", [1, 2, 3]),
        ("Police report", [4, 5, 6]),
        ("Repair estimate", [9, 10, 11, 12]),
    ]
    record = primitives.split(build.stored, CLAIM_PARTS, pages, [0.99, 0.93, 0.58])
    parts = {
        part: document(f"claim-55810_{part}.pdf")
        for part in ("claim-form", "police-report", "repair-estimate")
    }
    build.step(
        "split-claim",
        14.0,
        outputs={f"output-file-{part}": file_handle(stored) for part, stored in parts.items()},
        artifact=build.artifact("split", "split-claim", record),
        model=MODEL,
        page_count=12,
    )
    build.stored = parts["repair-estimate"]
    estimate = {"garage": "Fabrikam Motors", "labour": 1480.0, "parts": 920.4, "total": None}
    build.extract("extract-estimate", estimate, 4.4, ESTIMATE_SCHEMA)
    title = "A split with a gap: pages 7 and 8 are in no subdocument, so the total is null"
    return Sample("claim-split-gap", title, (build.run("completed", 18.8),))


ACCOUNTS = Workflow(
    slug="account-partition",
    name="Statements by account",
    blocks=(
        block("start-bundle", "start_document", "Bundle received"),
        block("each-account", "for_each", "For each account", mode="split_by_key", key="account"),
    ),
    edges=(edge("start-bundle", "each-account", kind="file"),),
)


def partition_by_account() -> Sample:
    """Return a bundle of statements cut by account number; one page is in two parts."""
    build = RunBuilder("accounts-partition", ACCOUNTS, "2026-08-04T10:02:00Z")
    bundle = document("statements-bundle-07.pdf")
    output = [
        ("1002-4471", [1, 2, 3, 4]),
        ("1002-4472", [5, 6, 7]),
        ("1002-9910", [7, 8]),
    ]
    build.step("start-bundle", 0.1, outputs={"output-file-0": file_handle(bundle)})
    parts = build.artifact(
        "partition",
        "each-account",
        primitives.partition(bundle, "account", output, [0.98, 0.94, 0.52]),
    )
    build.step(
        "each-account",
        21.5,
        outputs={
            "output-json-0": json_handle(
                {"parts": [{"key": key, "pages": pages} for key, pages in output]}
            )
        },
        artifact=parts,
        model=MODEL,
        page_count=8,
    )
    run = build.run("completed", 21.8, documents={"start-bundle": bundle})
    return Sample(
        name="accounts-partition",
        title="A partition by account number, with page 7 in two parts",
        runs=(run,),
    )


FORMS = Workflow(
    slug="customs-form",
    name="Customs declaration",
    blocks=(
        block("start-form", "start_document", "Empty form"),
        block("start-shipment", "start_json", "Shipment data"),
        block("fill-form", "edit", "Fill in declaration", model=MODEL),
    ),
    edges=(
        edge("start-form", "fill-form", kind="file"),
        edge("start-shipment", "fill-form"),
    ),
)


def filled_form() -> Sample:
    """Return a form filled in; the document comes back as a data URL of 400 kB, two fields empty."""
    build = RunBuilder("customs-form", FORMS, "2026-08-04T11:40:00Z")
    form = document("customs-declaration.pdf")
    shipment = {
        "exporter": "Northwind Traders",
        "consignee": "Contoso Freight",
        "gross_weight_kg": 1840.5,
        "incoterm": "DAP",
        "tariff_code": "",
        "licence_number": None,
    }
    build.step("start-form", 0.1, outputs={"output-file-0": file_handle(form)})
    build.step("start-shipment", 0.1, outputs={"output-json-0": json_handle(shipment)})
    fields: list[tuple[str, str, str | None]] = [
        ("exporter", "Box 2: exporter", "Northwind Traders"),
        ("consignee", "Box 8: consignee", "Contoso Freight"),
        ("gross_weight", "Box 35: gross mass (kg)", "1840.5"),
        ("delivery_terms", "Box 20: delivery terms", "DAP"),
        ("container", "Box 19: in a container", "true"),
        ("tariff_code", "Box 33: commodity code", None),
        ("licence_number", "Box 44: licences", None),
    ]
    edited = build.artifact(
        "edit", "fill-form", lambda: primitives.edit(form, fields, pdf_data_url())
    )
    build.step(
        "fill-form",
        12.3,
        outputs={"output-file-0": file_handle(document("customs-declaration_filled.pdf"))},
        artifact=edited,
        model=MODEL,
        page_count=6,
    )
    run = build.run(
        "completed",
        12.7,
        documents={"start-form": form},
        json_data={"start-shipment": shipment},
    )
    return Sample(
        name="customs-form",
        title="A form filled in with two fields left empty, because the data had nothing for them",
        runs=(run,),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (large_statement(), split_gap(), partition_by_account(), filled_form())
