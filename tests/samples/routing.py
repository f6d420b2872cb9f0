"""Routing: a branch not taken, a document in the wrong class."""

from retab_mcp.sandbox.builder import artifacts
from retab_mcp.sandbox.builder.graph import (
    MODEL,
    Workflow,
    block,
    document,
    edge,
    file_handle,
    json_handle,
)
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Sample
from retab_mcp.sandbox.samples.finished import expense
from tests.samples import primitives

MAIL = Workflow(
    slug="mail-room",
    name="Digital mail room",
    blocks=(
        block("start-letter", "start_document", "Letter scanned"),
        block("classify-letter", "classifier", "Which department?", model=MODEL),
        block("extract-invoice-letter", "extract", "Extract invoice", model=MODEL),
        block("extract-reminder", "extract", "Extract reminder", model=MODEL),
        block("file-other", "function", "File as other"),
    ),
    edges=(
        edge("start-letter", "classify-letter", kind="file"),
        edge("classify-letter", "extract-invoice-letter", kind="file", out="invoice"),
        edge("classify-letter", "extract-reminder", kind="file", out="reminder"),
        edge("classify-letter", "file-other", kind="file", out="other"),
    ),
)


def branch_not_taken() -> Sample:
    """Return a run that pays a small receipt at once; the skipped approval says why."""
    return expense(
        "expense-small",
        "A branch not taken: the amount is under the limit, so no approval was asked for",
        "2026-08-10T08:00:00Z",
        "receipt-0042.jpg",
        {"merchant": "Northwind Traders", "amount": 42.9},
        "P-118",
    )


def wrong_class() -> Sample:
    """Return a run that classifies a payment reminder as an invoice, two votes to one."""
    build = RunBuilder("letter-misfiled", MAIL, "2026-08-10T09:05:00Z")
    letter = document("letter-2026-08-10-007.pdf")
    build.step("start-letter", 0.1, outputs={"output-file-0": file_handle(letter)})
    decision = build.artifact(
        "classification",
        "classify-letter",
        primitives.classification(
            letter,
            {
                "Invoice": "A first request for payment.",
                "Reminder": "A request to pay an invoice that is overdue.",
                "Other": "Anything else.",
            },
            [
                ("Invoice", "The letter names an invoice number and an amount to be paid."),
                ("Invoice", "It has a payment slip."),
                ("Reminder", "It says that the amount has been due since 30 June."),
            ],
            0.67,
        ),
    )
    build.step(
        "classify-letter",
        5.0,
        outputs={"output-file-invoice": file_handle(letter)},
        artifact=decision,
        model=MODEL,
    )
    data = {"invoice_number": "RE-5512", "total": 310.4, "issue_date": None}
    schema = artifacts.object_schema(
        ("invoice_number", "total", "issue_date"),
        invoice_number=artifacts.TEXT,
        total=artifacts.NUMBER,
        issue_date=artifacts.DATE,
    )
    build.step(
        "extract-invoice-letter",
        3.1,
        outputs={"output-json-0": json_handle(data)},
        artifact=build.artifact(
            "extraction", "extract-invoice-letter", artifacts.extraction(letter, schema, data)
        ),
        model=MODEL,
    )
    for skipped, category in (("extract-reminder", "Reminder"), ("file-other", "Other")):
        build.unreached(skipped, "skipped", f"Category '{category}' was not chosen")
    run = build.run("completed", 8.5, documents={"start-letter": letter})
    return Sample(
        name="letter-misfiled",
        title="A reminder classified as an invoice by two votes to one",
        runs=(run,),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (branch_not_taken(), wrong_class())
