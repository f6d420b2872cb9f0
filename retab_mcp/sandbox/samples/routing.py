"""Routing: a branch not taken, an amount compared as text, a document in the wrong class."""

from retab_mcp.sandbox.records import Json, Sample
from retab_mcp.sandbox.samples import evaluations, primitives
from retab_mcp.sandbox.samples.draft import (
    MODEL,
    Flow,
    RunDraft,
    block,
    document,
    edge,
    file_handle,
    json_handle,
)

EXPENSES = Flow(
    slug="expense-approval",
    name="Expense approval",
    blocks=(
        block("start-receipt", "start_document", "Receipt"),
        block("extract-receipt", "extract", "Extract receipt", model=MODEL),
        block("check-amount", "conditional", "Above the limit?"),
        block("ask-approval", "api_call", "Ask cost centre for approval", method="POST"),
        block("pay-out", "api_call", "Pay out", method="POST"),
    ),
    edges=(
        edge("start-receipt", "extract-receipt", kind="file"),
        edge("extract-receipt", "check-amount"),
        edge("check-amount", "ask-approval", out="above-limit"),
        edge("check-amount", "pay-out", out="else"),
    ),
)
NOT_TAKEN = "Branch 'above-limit' of 'check-amount' was not taken"


def _expense(
    draft: RunDraft, filename: str, receipt: dict[str, Json]
) -> tuple[dict[str, str], dict[str, Json]]:
    """Draft the steps until the condition; return the document and the handle to route."""
    stored = document(filename)
    draft.step("start-receipt", 0.1, outputs={"output-file-0": file_handle(stored)})
    schema = primitives.object_schema(
        ("merchant", "amount"), merchant=primitives.TEXT, amount={"type": ["number", "string"]}
    )
    handle = json_handle(receipt)
    draft.step(
        "extract-receipt",
        2.2,
        outputs={"output-json-0": handle},
        artifact=draft.artifact(
            "extraction", "extract-receipt", primitives.extraction(stored, schema, receipt)
        ),
        model=MODEL,
    )
    return stored, handle


def _under_limit(amount: Json) -> dict[str, Json]:
    """Return how the condition found the amount not above the limit."""
    compared = evaluations.condition(
        "cond-limit",
        "$.amount",
        "is_greater_than",
        1000,
        amount,
        matched=False,
        branch="above-limit",
    )
    return evaluations.routing([compared], "output-json-else", None)


def branch_not_taken() -> Sample:
    """A small receipt is paid at once: the approval is skipped, and says why."""
    draft = RunDraft("expense-small", EXPENSES, "2026-08-10T08:00:00Z")
    receipt = {"merchant": "Northwind Traders", "amount": 42.9}
    stored, handle = _expense(draft, "receipt-0042.jpg", receipt)
    evaluation = draft.artifact(
        "conditional_evaluation",
        "check-amount",
        _under_limit(42.9),
    )
    draft.step("check-amount", 0.1, outputs={"output-json-else": handle}, artifact=evaluation)
    draft.unreached("ask-approval", "skipped", NOT_TAKEN)
    draft.step("pay-out", 0.6, outputs={"output-json-0": json_handle({"payment": "P-118"})})
    run = draft.run("completed", 3.3, documents={"start-receipt": stored})
    return Sample(
        name="expense-small",
        title="A branch not taken: the amount is under the limit, so no approval was asked for",
        runs=(run,),
    )


def amount_as_text() -> Sample:
    """4,999.00 EUR is a text, the comparison with 1000 never matches, and nobody approves."""
    draft = RunDraft("expense-text", EXPENSES, "2026-08-10T08:20:00Z")
    receipt = {"merchant": "Tailspin Leasing", "amount": "4,999.00 EUR"}
    stored, handle = _expense(draft, "receipt-0043.pdf", receipt)
    evaluation = draft.artifact(
        "conditional_evaluation",
        "check-amount",
        _under_limit("4,999.00 EUR"),
    )
    draft.step("check-amount", 0.1, outputs={"output-json-else": handle}, artifact=evaluation)
    draft.unreached("ask-approval", "skipped", NOT_TAKEN)
    draft.step("pay-out", 0.7, outputs={"output-json-0": json_handle({"payment": "P-119"})})
    run = draft.run("completed", 3.5, documents={"start-receipt": stored})
    return Sample(
        name="expense-text",
        title="Paid without approval: the amount was the text '4,999.00 EUR', not a number",
        runs=(run,),
    )


MAIL = Flow(
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


def wrong_class() -> Sample:
    """A payment reminder is taken for an invoice, by two votes to one, and booked again."""
    draft = RunDraft("letter-misfiled", MAIL, "2026-08-10T09:05:00Z")
    letter = document("letter-2026-08-10-007.pdf")
    draft.step("start-letter", 0.1, outputs={"output-file-0": file_handle(letter)})
    decision = draft.artifact(
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
    draft.step(
        "classify-letter",
        5.0,
        outputs={"output-file-invoice": file_handle(letter)},
        artifact=decision,
        model=MODEL,
    )
    data = {"invoice_number": "RE-5512", "total": 310.4, "issue_date": None}
    schema = primitives.object_schema(
        ("invoice_number", "total", "issue_date"),
        invoice_number=primitives.TEXT,
        total=primitives.NUMBER,
        issue_date=primitives.DATE,
    )
    draft.step(
        "extract-invoice-letter",
        3.1,
        outputs={"output-json-0": json_handle(data)},
        artifact=draft.artifact(
            "extraction", "extract-invoice-letter", primitives.extraction(letter, schema, data)
        ),
        model=MODEL,
    )
    for skipped, category in (("extract-reminder", "Reminder"), ("file-other", "Other")):
        draft.unreached(skipped, "skipped", f"Category '{category}' was not chosen")
    run = draft.run("completed", 8.5, documents={"start-letter": letter})
    return Sample(
        name="letter-misfiled",
        title="A reminder classified as an invoice by two votes to one",
        runs=(run,),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (branch_not_taken(), amount_as_text(), wrong_class())
