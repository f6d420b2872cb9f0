"""Invoices: one that does not fit its schema, one that completed with doubtful values."""

from retab_mcp.sandbox.builder.artifacts import (
    extraction,
)
from retab_mcp.sandbox.builder.graph import MODEL, document, file_handle, json_handle
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Json, Sample, SampleFailure
from retab_mcp.sandbox.samples.finished import INTAKE, INVOICE_SCHEMA, invoice_line

SCHEMA_MESSAGE = (
    "Extraction output does not match the schema: total_amount: '1.180,00' is not of type "
    "'number'; currency: '€' does not match '^[A-Z]{3}$'"
)


def schema_failure() -> Sample:
    """Return a run whose extraction does not fit the schema."""
    build = RunBuilder("invoice-schema", INTAKE, "2026-08-03T08:12:00Z")
    invoice = document("Rechnung 2026-118.pdf")
    read = {
        "invoice_number": "2026-118",
        "issue_date": "2026-07-28",
        "vendor_name": "Globex GmbH",
        "currency": "€",
        "total_amount": "1.180,00",
        "lines": [],
    }
    build.step("start-invoice", 0.1, outputs={"output-file-0": file_handle(invoice)})
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
    extracted = build.artifact(
        "extraction",
        "extract-invoice",
        extraction(invoice, INVOICE_SCHEMA, {}),
        status="failed",
        failure=failure,
    )
    step = build.step(
        "extract-invoice",
        6.2,
        status="error",
        failure=failure,
        artifact=extracted,
        model=MODEL,
        retry_count=1,
    )
    build.unreached("post-invoice", "skipped", "Upstream block 'extract-invoice' failed")
    run = build.run(
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
    """Return a run that completed although half of what it extracted is missing or a guess."""
    build = RunBuilder("invoice-unsure", INTAKE, "2026-08-03T08:25:00Z")
    invoice = document("scan_0093.tiff", "image/tiff")
    data = {
        "invoice_number": "7731-B",
        "issue_date": None,
        "due_date": None,
        "vendor_name": "Initech Supplies",
        "vendor_vat_id": "",
        "currency": "USD",
        "total_amount": 8410.0,
        "lines": [
            invoice_line("Toner cartridge", 40, 71.5),
            invoice_line("Toner cartridge", 14, 375.0),
        ],
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
    build.step("start-invoice", 0.1, outputs={"output-file-0": file_handle(invoice)})
    extracted = build.artifact(
        "extraction",
        "extract-invoice",
        extraction(
            invoice, INVOICE_SCHEMA, data, likelihoods=likelihoods, choices=votes, credits=3.0
        ),
    )
    build.step(
        "extract-invoice",
        9.1,
        outputs={"output-json-0": json_handle(data)},
        artifact=extracted,
        model=MODEL,
        output={"extracted_data": data, "extraction_id": extracted.id, "likelihoods": likelihoods},
        credits=3.0,
        page_count=1,
    )
    build.step("post-invoice", 0.5, outputs={"output-json-0": json_handle({"ledger_id": 90219})})
    run = build.run("completed", 9.9, documents={"start-invoice": invoice})
    return Sample(
        name="invoice-unsure",
        title="Completed, but a required date is null and the total is a guess",
        runs=(run,),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (schema_failure(), unsure())
