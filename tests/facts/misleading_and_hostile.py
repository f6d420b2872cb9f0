"""Facts about misleading failing_step_ids, and about hostile and secret payloads."""

from tests.facts.fact import FROM_G2B, Call, get_run, get_step, in_artifact, in_step, list_steps

FACTS: dict[str, list[Call]] = {
    "credit-wrong-hint": [
        get_run(
            {
                "/status": "error",
                "/step_counts/error": 3,
                "/cause/step_id": "extract-accounts",
                "/cause/message": "Could not read document: the PDF is damaged (no cross-reference table)",
                "/cause/stage": "document_fetch",
            }
        ),
        get_run({"/downstream/count": 3}, generations=FROM_G2B),
        list_steps({"/rows/*/block_id": "merge-file"}, status="error"),
        in_step("merge-file", {"/handle_inputs/input-json-1/data/applicant": "Fabrikam Energy"}),
    ],
    "credit-no-hint": [
        get_run(
            {
                "/status": "error",
                "/step_counts/error": 2,
                "/step_counts/skipped": 2,
                "/cause/step_id": "extract-accounts",
                "/cause/message": "Unsupported document type: application/x-msdownload",
            }
        ),
        get_run({"/downstream/count": 3}, generations=FROM_G2B),
        get_step("extract-accounts", {"/duration_ms": 2000}),
        get_step("score-file", {"/reason": "Missing input from 'merge-file'"}),
    ],
    "credit-unknown": [
        get_run(
            {
                "/status": "error",
                "/cause/step_id": "score-file",
                "/cause/message": "An unexpected error occurred",
                "/step_counts/completed": 5,
            }
        ),
        get_step("score-file", {"/cause/message": "An unexpected error occurred"}),
        in_step("score-file", {"/handle_inputs/input-json-0/data/equity": 1150000.25}),
    ],
    "letter-hostile": [
        get_run(
            {
                "/status": "error",
                "/cause/step_id": "answer-mail",
                "/cause/message": "ValueError: unknown status 'PAID'",
                "/inputs/documents/start-mail/filename": "complaint-fdp.exe",
            }
        ),
        get_step("answer-mail", {"/untrusted_text": True}),
        in_step(
            "answer-mail",
            {
                "/handle_inputs/input-json-0/data/subject": "Wet pallet",
                "/handle_inputs/input-json-0/data/status": "PAID",
                "/handle_inputs/input-json-0/data/emoji": "👩\u200d🔧",
                "/handle_inputs/input-json-0/data/attachment": None,
            },
        ),
        in_artifact("extract-mail", {"/output/customer": "Northwind Traders"}),
    ],
    "setup-secrets": [
        get_run({"/status": "error", "/cause/step_id": "store-setup"}),
        get_step("store-setup", {"/duration_ms": 10200}),
        in_step(
            "store-setup",
            {
                "/handle_inputs/input-json-0/data/portal_password": "[redacted]",
                "/handle_inputs/input-json-0/data/retab/apiKey": "[redacted]",
                "/handle_inputs/input-json-0/data/retab/api_key_id": "key_7f3a",
                "/handle_inputs/input-json-0/data/retab/total_tokens": 1812,
                "/handle_inputs/input-json-0/data/settings/0/value": "[redacted]",
                "/handle_inputs/input-json-0/data/settings/1/value": "fr",
                "/handle_inputs/input-json-0/data/notes": "Use [redacted] for the bucket.",
            },
        ),
    ],
}
