"""Facts about documents that are read, split, partitioned and filled in."""

from tests.facts.fact import (
    FROM_G2B,
    FROM_G2E,
    Call,
    get_artifact,
    get_run,
    get_step,
    in_artifact,
    in_step,
    list_steps,
)

FACTS: dict[str, list[Call]] = {
    "invoice-completed": [
        get_run(
            {
                "/status": "completed",
                "/duration_ms": 4500,
                "/step_counts/completed": 3,
                "/inputs/documents/start-invoice/filename": "INV-2026-0417.pdf",
            }
        ),
        get_run({"/metadata/batch": "2026-08-03"}, generations=("g3",)),
        list_steps({"/rows/*/duration_ms": 3400}, block_type="extract"),
        get_step(
            "extract-invoice",
            {"/duration_ms": 3400, "/handle_outputs/output-json-0/data/total_amount": 1234.56},
        ),
        in_step("post-invoice", {"/handle_inputs/input-json-0/data/lines/0/quantity": 24}),
        in_artifact("extract-invoice", {"/output/vendor_vat_id": "DE811234567"}),
    ],
    "invoice-schema": [
        get_run(
            {
                "/status": "error",
                "/cause/step_id": "extract-invoice",
                "/cause/message": "Extraction output does not match the schema: total_amount: '1.180,00' is not of type 'number'; currency: '€' does not match '^[A-Z]{3}$'",
                "/cause/category": "permanent",
                "/step_counts/skipped": 1,
            }
        ),
        get_run({"/downstream/count": 1}, generations=FROM_G2B),
        get_step("extract-invoice", {"/retries": 1}),
        in_step(
            "extract-invoice",
            {"/handle_inputs/input-file-0/document/id": "file_D9KnvkZF-bBDcGXY5VkyH"},
        ),
        get_artifact("extract-invoice", {"/status": "error"}, generations=FROM_G2E),
    ],
    "invoice-unsure": [
        get_run({"/status": "completed", "/step_counts/completed": 3}),
        in_step("post-invoice", {"/handle_inputs/input-json-0/data/issue_date": None}),
        get_step("extract-invoice", {"/handle_outputs/output-json-0/data/total_amount": 8410.0}),
        in_artifact(
            "extract-invoice",
            {
                "/output/issue_date": None,
                "/consensus/likelihoods/total_amount": 0.34,
                "/consensus/likelihoods/lines/1/quantity": 0.33,
            },
        ),
    ],
    "statement-large": [
        get_run({"/status": "completed", "/duration_ms": 263000}),
        list_steps({"/rows/*/duration_ms": 188000}, block_id="parse-statement"),
        get_step("parse-statement", {"/duration_ms": 188000}),
        in_step(
            "extract-bookings",
            {
                "/handle_outputs/output-json-0/data/account": "DE02120300000000202051",
                "/handle_outputs/output-json-0/data/bookings/639/reference": "121135787",
            },
        ),
        in_artifact(
            "parse-statement",
            {"/table_parsing_format": "markdown", "/file/filename": "woodgrove-2026-h1.pdf"},
        ),
    ],
    "claim-split-gap": [
        get_run({"/status": "completed", "/step_counts/completed": 3}),
        get_step(
            "extract-estimate",
            {"/handle_inputs/input-file-0/document/filename": "claim-55810_repair-estimate.pdf"},
        ),
        in_step("extract-estimate", {"/handle_outputs/output-json-0/data/total": None}),
        in_artifact(
            "split-claim",
            {
                "/output/1/pages": [4, 5, 6],
                "/output/2/pages": [9, 10, 11, 12],
                "/consensus/likelihoods/2/name": 0.58,
            },
        ),
    ],
    "accounts-partition": [
        get_run({"/status": "completed", "/duration_ms": 21800}),
        get_step("each-account", {"/status": "completed"}),
        in_step("each-account", {"/handle_outputs/output-json-0/data/parts/2/pages": [7, 8]}),
        in_artifact(
            "each-account",
            {"/key": "account", "/output/1/pages": [5, 6, 7], "/consensus/likelihoods/2/key": 0.52},
        ),
    ],
    "customs-form": [
        get_run(
            {
                "/status": "completed",
                "/inputs/documents/start-form/filename": "customs-declaration.pdf",
            }
        ),
        get_step(
            "fill-form",
            {
                "/handle_inputs/input-json-0/data/licence_number": None,
                "/handle_inputs/input-json-0/data/tariff_code": "",
                "/duration_ms": 12300,
            },
        ),
        in_artifact(
            "fill-form",
            {
                "/output/form_data/2/value": "1840.5",
                "/output/form_data/5/value": None,
                "/output/filled_document/filename": "customs-declaration.pdf",
            },
        ),
    ],
}
