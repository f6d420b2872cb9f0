"""Invoices: one that went well, one against its schema, one completed but not to be trusted."""

from retab_mcp.sandbox.records import Json, Sample, SampleFailure, after
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
from retab_mcp.sandbox.samples.evaluations import api_call, attempt
from retab_mcp.sandbox.samples.primitives import (
    DATE,
    NUMBER,
    OPTIONAL_DATE,
    OPTIONAL_TEXT,
    TEXT,
    extraction,
    object_schema,
)

LINE_SCHEMA = object_schema(
    ("description", "quantity", "unit_price"),
    description=TEXT,
    quantity=NUMBER,
    unit_price=NUMBER,
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

INTAKE = Flow(
    slug="invoice-intake",
    name="Invoice intake",
    blocks=(
        block("start-invoice", "start_document", "Invoice received"),
        block(
            "extract-invoice",
            "extract",
            "Extract invoice",
            model=MODEL,
            json_schema=INVOICE_SCHEMA,
        ),
        block(
            "post-invoice",
            "api_call",
            "Post to ledger",
            method="POST",
            url="https://ledger.example.com/v2/invoices",
        ),
    ),
    edges=(
        edge("start-invoice", "extract-invoice", kind="file"),
        edge("extract-invoice", "post-invoice"),
    ),
)


def _line(description: str, quantity: float, unit_price: float) -> dict[str, Json]:
    return {"description": description, "quantity": quantity, "unit_price": unit_price}


BOOKED = {
    "invoice_number": "INV-2026-0417",
    "issue_date": "2026-07-31",
    "due_date": "2026-08-30",
    "vendor_name": "Acme Corp",
    "vendor_vat_id": "DE811234567",
    "currency": "EUR",
    "total_amount": 1234.56,
    "lines": [_line("Pallet wrap, 500 mm", 24, 18.94), _line("Freight", 1, 780.0)],
}
LEDGER_ANSWER = {"ledger_id": 90217, "state": "booked"}


def _posting(sent_at: str) -> dict[str, Json]:
    """Return the one attempt in which the ledger took the invoice."""
    return attempt(
        0,
        "POST",
        "https://ledger.example.com/v2/invoices",
        201,
        LEDGER_ANSWER,
        started_at=sent_at,
        completed_at=after(sent_at, 0.64),
        duration_ms=640,
        request_body=BOOKED,
    )


def completed() -> Sample:
    """Three steps, all completed."""
    draft = RunDraft("invoice-completed", INTAKE, "2026-08-03T08:00:00Z")
    invoice = document("INV-2026-0417.pdf")
    draft.step("start-invoice", 0.1, outputs={"output-file-0": file_handle(invoice)})
    extracted = draft.artifact(
        "extraction", "extract-invoice", extraction(invoice, INVOICE_SCHEMA, BOOKED)
    )
    draft.step(
        "extract-invoice",
        3.4,
        outputs={"output-json-0": json_handle(BOOKED)},
        artifact=extracted,
        model=MODEL,
        output={"extracted_data": BOOKED, "extraction_id": extracted.id, "likelihoods": {}},
        cost=0.0041,
        tokens=5120,
        credits=1.0,
        page_count=2,
    )
    draft.step(
        "post-invoice",
        0.8,
        outputs={"output-json-0": json_handle(LEDGER_ANSWER)},
        artifact=draft.artifact(
            "api_call_invocation", "post-invoice", api_call([_posting(draft.time())])
        ),
    )
    run = draft.run(
        "completed",
        4.5,
        documents={"start-invoice": invoice},
        metadata={"batch": "2026-08-03"},
        final_outputs={"post-invoice": LEDGER_ANSWER},
    )
    return Sample(
        name="invoice-completed",
        title="A small run in which nothing went wrong",
        runs=(run,),
    )


SCHEMA_MESSAGE = (
    "Extraction output does not match the schema: total_amount: '1.180,00' is not of type "
    "'number'; currency: '€' does not match '^[A-Z]{3}$'"
)


def schema_failure() -> Sample:
    """What the model read cannot be made to fit the schema, so the extract block fails."""
    draft = RunDraft("invoice-schema", INTAKE, "2026-08-03T08:12:00Z")
    invoice = document("Rechnung 2026-118.pdf")
    read = {
        "invoice_number": "2026-118",
        "issue_date": "2026-07-28",
        "vendor_name": "Globex GmbH",
        "currency": "€",
        "total_amount": "1.180,00",
        "lines": [],
    }
    draft.step("start-invoice", 0.1, outputs={"output-file-0": file_handle(invoice)})
    failure = SampleFailure(
        message=SCHEMA_MESSAGE,
        stage="execution",
        category="permanent",
        code="schema_validation_failed",
        details={
            "message": SCHEMA_MESSAGE,
            "block_id": "extract-invoice",
            "block_name": "Extract invoice",
            "error_code": "schema_validation_failed",
            "context": {
                "violations": [
                    {"path": "$.total_amount", "validator": "type", "value": "1.180,00"},
                    {"path": "$.currency", "validator": "pattern", "value": "€"},
                ],
                "output": read,
            },
        },
    )
    extracted = draft.artifact(
        "extraction",
        "extract-invoice",
        extraction(invoice, INVOICE_SCHEMA, {}),
        status="failed",
        failure=failure,
    )
    step = draft.step(
        "extract-invoice",
        6.2,
        status="error",
        failure=failure,
        artifact=extracted,
        model=MODEL,
        retry_count=1,
    )
    draft.unreached("post-invoice", "skipped", "Upstream block 'extract-invoice' failed")
    run = draft.run(
        "error",
        6.6,
        failure=failure,
        failing_step_id=step.step_id,
        documents={"start-invoice": invoice},
    )
    return Sample(
        name="invoice-schema",
        title="An extraction that does not fit its schema: a German amount and a currency sign",
        runs=(run,),
    )


def unsure() -> Sample:
    """A run that completed although half of what it extracted is missing or a guess."""
    draft = RunDraft("invoice-unsure", INTAKE, "2026-08-03T08:25:00Z")
    invoice = document("scan_0093.tiff", "image/tiff")
    data = {
        "invoice_number": "7731-B",
        "issue_date": None,
        "due_date": None,
        "vendor_name": "Initech Supplies",
        "vendor_vat_id": "",
        "currency": "USD",
        "total_amount": 8410.0,
        "lines": [_line("Toner cartridge", 40, 71.5), _line("Toner cartridge", 14, 375.0)],
    }
    likelihoods = {
        "invoice_number": 0.98,
        "issue_date": 0.31,
        "due_date": 0.67,
        "vendor_name": 1.0,
        "vendor_vat_id": 0.67,
        "currency": 0.95,
        "total_amount": 0.34,
        "lines": [
            {"description": 0.96, "quantity": 0.91, "unit_price": 0.93},
            {"description": 0.92, "quantity": 0.33, "unit_price": 0.37},
        ],
    }
    votes: list[Json] = [data, {**data, "total_amount": 3410.0}, {**data, "total_amount": 8470.0}]
    draft.step("start-invoice", 0.1, outputs={"output-file-0": file_handle(invoice)})
    extracted = draft.artifact(
        "extraction",
        "extract-invoice",
        extraction(
            invoice, INVOICE_SCHEMA, data, likelihoods=likelihoods, choices=votes, credits=3.0
        ),
    )
    draft.step(
        "extract-invoice",
        9.1,
        outputs={"output-json-0": json_handle(data)},
        artifact=extracted,
        model=MODEL,
        output={"extracted_data": data, "extraction_id": extracted.id, "likelihoods": likelihoods},
        credits=3.0,
        page_count=1,
    )
    draft.step("post-invoice", 0.5, outputs={"output-json-0": json_handle({"ledger_id": 90219})})
    run = draft.run("completed", 9.9, documents={"start-invoice": invoice})
    return Sample(
        name="invoice-unsure",
        title="Completed, but a required date is null and the total is a guess",
        runs=(run,),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (completed(), schema_failure(), unsure())
