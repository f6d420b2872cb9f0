"""Facts about branches, classes and reviews."""

from tests.facts.fact import FROM_G2E, Call, get_run, get_step, in_artifact, in_step, list_steps

FACTS: dict[str, list[Call]] = {
    "expense-small": [
        get_run({"/status": "completed", "/step_counts/completed": 4, "/step_counts/skipped": 1}),
        get_step(
            "ask-approval",
            {
                "/status": "skipped",
                "/reason": "Branch 'above-limit' of 'check-amount' was not taken",
            },
        ),
        list_steps({"/rows/*/block_id": "ask-approval"}, status="skipped"),
        get_step("pay-out", {"/handle_inputs/input-json-0/data/amount": 42.9}),
        in_artifact(
            "check-amount",
            {"/selected_handles/0": "output-json-else", "/evaluations/0/actual": 42.9},
        ),
    ],
    "expense-text": [
        get_run({"/status": "completed", "/step_counts/skipped": 1}),
        get_step("ask-approval", {"/status": "skipped"}),
        in_step("check-amount", {"/handle_inputs/input-json-0/data/amount": "4,999.00 EUR"}),
        in_artifact(
            "check-amount",
            {
                "/evaluations/0/expected": 1000,
                "/evaluations/0/actual": "4,999.00 EUR",
                "/evaluations/0/matched": False,
            },
        ),
    ],
    "letter-misfiled": [
        get_run({"/status": "completed", "/step_counts/skipped": 2}),
        get_step("extract-reminder", {"/reason": "Category 'Reminder' was not chosen"}),
        get_step("extract-invoice-letter", {"/handle_outputs/output-json-0/data/issue_date": None}),
        in_artifact(
            "classify-letter",
            {
                "/output/category": "Invoice",
                "/consensus/likelihoods": 0.67,
                "/consensus/choices/2/category": "Reminder",
            },
        ),
    ],
    "claim-waiting": [
        get_run(
            {
                "/status": "awaiting_review",
                "/trigger/type": "email",
                "/cause/step_id": "extract-claim",
                "/cause/kind": "waiting_for_review",
                "/step_counts/awaiting_review": 1,
                "/step_counts/pending": 1,
            }
        ),
        list_steps({"/rows/*/block_id": "extract-claim"}, status="awaiting_review"),
        get_step(
            "extract-claim",
            {"/status": "awaiting_review", "/handle_outputs/output-json-0/data/amount": 1860.4},
        ),
        in_artifact("extract-claim", {"/consensus/likelihoods/amount": 0.41}),
    ],
    "kyc-rejected": [
        get_run({"/status": "completed", "/duration_ms": 3604000, "/step_counts/skipped": 1}),
        get_step(
            "open-account", {"/reason": "Branch 'approved' of 'review-company' was not taken"}
        ),
        get_step("review-company", {"/duration_ms": 3600000}),
        in_artifact(
            "review-company",
            {
                "/review_decision": "rejected",
                "/review_notes": "The register extract is older than three months.",
            },
            generations=FROM_G2E,
        ),
    ],
}
