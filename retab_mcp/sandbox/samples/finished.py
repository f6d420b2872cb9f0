"""Runs that did not fail: completed (right and wrong), waiting, cancelled, running."""

import random
from functools import cache

from retab_mcp.sandbox.builder.artifacts import (
    DATE,
    NUMBER,
    OPTIONAL_DATE,
    OPTIONAL_TEXT,
    TEXT,
    condition,
    extraction,
    object_schema,
    parse,
    routing,
)
from retab_mcp.sandbox.builder.graph import (
    MODEL,
    block,
    json_handle,
    workflow,
)
from retab_mcp.sandbox.builder.ids import review_identifier
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Json, Sample, SampleReview, SampleReviewVersion, after

LINE_SCHEMA = object_schema(
    ("description", "quantity", "unit_price"), description=TEXT, quantity=NUMBER, unit_price=NUMBER
)
INVOICE_SCHEMA = object_schema(
    ("invoice_number", "issue_date", "vendor_name", "currency", "total_amount"),
    invoice_number=TEXT,
    issue_date=DATE,
    due_date=OPTIONAL_DATE,
    vendor_name=TEXT,
    vendor_vat_id=OPTIONAL_TEXT,
    currency={"type": "string", "pattern": "^[A-Z]{3}$"},
    total_amount=NUMBER,
    lines={"type": "array", "items": LINE_SCHEMA},
)
LEDGER = "https://ledger.example.com/v2/invoices"
INTAKE = workflow(
    "invoice-intake",
    "Invoice intake",
    block("start-invoice", "start_document", "Invoice received"),
    block("extract-invoice", "extract", "Extract invoice", model=MODEL, json_schema=INVOICE_SCHEMA),
    block("post-invoice", "api_call", "Post to ledger", method="POST", url=LEDGER),
    "start-invoice > extract-invoice > post-invoice",
)


def invoice_line(description: str, quantity: float, unit_price: float) -> dict[str, Json]:
    """Return a line of an invoice."""
    return {"description": description, "quantity": quantity, "unit_price": unit_price}


BOOKED = {
    "invoice_number": "INV-2026-0417",
    "issue_date": "2026-07-31",
    "due_date": "2026-08-30",
    "vendor_name": "Acme Corp",
    "vendor_vat_id": "DE811234567",
    "currency": "EUR",
    "total_amount": 1234.56,
    "lines": [invoice_line("Pallet wrap, 500 mm", 24, 18.94), invoice_line("Freight", 1, 780.0)],
}


def _invoice_completed() -> Sample:
    build = RunBuilder("invoice-completed", INTAKE, "2026-08-03T08:00:00Z")
    build.start("start-invoice", filename="INV-2026-0417.pdf")
    build.extract(
        "extract-invoice",
        BOOKED,
        3.4,
        INVOICE_SCHEMA,
        typed_output=True,
        cost=0.0041,
        tokens=5120,
        credits=1.0,
        page_count=2,
    )
    answer = {"ledger_id": 90217, "state": "booked"}
    call = build.call(LEDGER, (201, answer), name="post-invoice", sent=BOOKED, lasting=0.64)
    build.complete("post-invoice", answer, 0.8, artifact=call)
    outputs = {"post-invoice": answer}
    metadata = {"batch": "2026-08-03"}
    run = build.run("completed", 4.5, metadata=metadata, final_outputs=outputs)
    return Sample("invoice-completed", "A small run in which nothing went wrong", (run,))


EXPENSES = workflow(
    "expense-approval",
    "Expense approval",
    block("start-receipt", "start_document", "Receipt"),
    block("extract-receipt", "extract", "Extract receipt", model=MODEL),
    block("check-amount", "conditional", "Above the limit?"),
    block("ask-approval", "api_call", "Ask cost centre for approval", method="POST"),
    block("pay-out", "api_call", "Pay out", method="POST"),
    "start-receipt > extract-receipt > check-amount.above-limit > ask-approval",
    "check-amount.else > pay-out",
)
RECEIPT_SCHEMA = object_schema(
    ("merchant", "amount"), merchant=TEXT, amount={"type": ["number", "string"]}
)


def expense(
    name: str, title: str, created_at: str, filename: str, receipt: dict[str, Json], payment: str
) -> Sample:
    """Return a run in which an amount was not found to be above 1000, so nobody approved it."""
    build = RunBuilder(name, EXPENSES, created_at)
    build.start("start-receipt", filename=filename)
    build.extract("extract-receipt", receipt, 2.2, RECEIPT_SCHEMA)
    compared = condition(
        "cond-limit",
        "$.amount",
        "is_greater_than",
        1000,
        receipt["amount"],
        matched=False,
        branch="above-limit",
    )
    record = routing([compared], "output-json-else", None)
    evaluation = build.artifact("conditional_evaluation", "check-amount", record)
    build.complete("check-amount", receipt, 0.1, only="output-json-else", artifact=evaluation)
    build.skip("Branch 'above-limit' of 'check-amount' was not taken", "ask-approval")
    build.complete("pay-out", {"payment": payment}, 0.7)
    return Sample(name, title, (build.run("completed", 3.5),))


def _expense_text() -> Sample:
    return expense(
        "expense-text",
        "Paid without approval: the amount was the text '4,999.00 EUR', not a number",
        "2026-08-10T08:20:00Z",
        "receipt-0043.pdf",
        {"merchant": "Tailspin Leasing", "amount": "4,999.00 EUR"},
        "P-119",
    )


REVIEW_TRIGGER = {"kind": "confidence_lt", "threshold": 0.8}
MODEL_AUTHOR = {"kind": "model", "id": MODEL, "display_name": "Retab small"}
CLAIMS = workflow(
    "travel-claims",
    "Travel claims",
    block("start-claim-form", "start_document", "Claim form"),
    block("extract-claim", "extract", "Extract claim", model=MODEL, review=REVIEW_TRIGGER),
    block("pay-claim", "api_call", "Pay claim", method="POST"),
    "start-claim-form > extract-claim > pay-claim",
)
CLAIM_SCHEMA = object_schema(
    ("claim_number", "amount"), claim_number=TEXT, amount=NUMBER, currency=TEXT
)


def _claim_waiting() -> Sample:
    build = RunBuilder("claim-waiting", CLAIMS, "2026-08-11T08:40:00Z")
    build.start("start-claim-form", filename="travel-claim-3391.pdf")
    claim = {"claim_number": "TC-3391", "amount": 1860.4, "currency": "CHF"}
    likelihoods = {"claim_number": 0.99, "amount": 0.41, "currency": 0.88}
    record = extraction(
        build.stored, CLAIM_SCHEMA, claim, likelihoods=likelihoods, choices=[claim] * 3
    )
    step = build.begin(
        "extract-claim",
        "awaiting_review",
        handle_outputs={"output-json-0": json_handle(claim)},
        artifact=build.artifact("extraction", "extract-claim", record),
        model=MODEL,
    )
    build.unreached("pay-claim", "pending")
    since = after("2026-08-11T08:40:00Z", 6.4)
    first = SampleReviewVersion(
        id=review_identifier("rvr", "claim-waiting"),
        created_at=since,
        author=MODEL_AUTHOR,
        snapshot=claim,
    )
    review = SampleReview(
        id=review_identifier("rev", "claim-waiting"),
        block_id="extract-claim",
        step_id=step.step_id,
        created_at=since,
        triggered_by=REVIEW_TRIGGER,
        versions=(first,),
    )
    subject = "Travel claim TC-3391"
    run = build.run(
        "awaiting_review",
        waiting_for_block_ids=("extract-claim",),
        review_waiting_since=since,
        reviews=(review,),
        trigger={"type": "email", "sender": "claims@example.com", "subject": subject},
    )
    title = "A run that waits for a review, because the amount is uncertain"
    return Sample("claim-waiting", title, (run,))


FREIGHT = workflow(
    "bill-of-lading",
    "Bills of lading",
    block("start-lading", "start_document", "Bill of lading"),
    block("parse-lading", "parse", "Read document", model=MODEL),
    block("extract-lading", "extract", "Extract cargo", model=MODEL),
    block("notify-forwarder", "api_call", "Notify forwarder", method="POST"),
    "start-lading > parse-lading > extract-lading > notify-forwarder",
)
GOODS = ("Hex bolt", "Washer", "Ball bearing", "Drive belt", "Gasket", "Filter", "Relay", "Fuse")
PACKING_LIST_ROWS = 900


@cache
def packing_list(rows: int) -> str:
    """Return a packing list of so many rows as the HTML of a mail."""
    draw = random.Random("manifest")
    cells = "".join(
        f"<tr><td>{number}</td><td>{draw.choice(GOODS)}</td><td>{draw.randint(1, 90)}</td></tr>\n"
        for number in range(1, rows + 1)
    )
    return (
        "<!DOCTYPE html><html><head><title>Packing list</title>"
        "<style>td{border:1px solid #999;font:11px sans-serif}</style></head>"
        f"<body><h1>Packing list</h1><table>\n{cells}</table></body></html>"
    )


def lading(name: str, created_at: str, filename: str) -> RunBuilder:
    """Return a run that has read a packing list in HTML, and is about to extract from it."""
    build = RunBuilder(name, FREIGHT, created_at)
    build.start("start-lading", filename=filename)
    text = packing_list(PACKING_LIST_ROWS)
    record = build.artifact("parse", "parse-lading", parse(build.stored, [text]))
    build.complete("parse-lading", {"text": text}, 8.0, artifact=record, model=MODEL)
    return build


def _lading_cancelled() -> Sample:
    build = lading("lading-cancelled", "2026-08-12T07:00:00Z", "BL-HAM-20991.pdf")
    reason = "Cancelled from the dashboard: wrong document uploaded"
    build.step("extract-lading", 2.5, status="cancelled", reason=reason, model=MODEL)
    build.unreached("notify-forwarder", "cancelled", reason)
    run = build.run("cancelled", 11.0, reason=reason, trigger={"type": "manual"})
    title = "Cancelled by hand, because the wrong document was uploaded"
    return Sample("lading-cancelled", title, (run,))


def _lading_running() -> Sample:
    build = lading("lading-running", "2026-08-12T07:30:00Z", "BL-RTM-11804.pdf")
    build.begin("extract-lading", "running", model=MODEL)
    build.unreached("notify-forwarder", "queued")
    title = "A run still going: two steps completed, one running, one queued"
    return Sample("lading-running", title, (build.run("running"),))


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (
        _invoice_completed(),
        _expense_text(),
        _claim_waiting(),
        _lading_cancelled(),
        _lading_running(),
    )
