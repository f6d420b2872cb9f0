"""Facts about runs in every status."""

from tests.facts.fact import (
    FROM_G2B,
    Call,
    RunId,
    get_run,
    get_step,
    in_step,
    list_runs,
    list_steps,
)

FACTS: dict[str, list[Call]] = {
    "lading-cancelled": [
        get_run(
            {
                "/status": "cancelled",
                "/cause/kind": "cancelled",
                "/step_counts/cancelled": 2,
                "/duration_ms": 11000,
            }
        ),
        get_run(
            {"/cause/message": "Cancelled from the dashboard: wrong document uploaded"},
            generations=FROM_G2B,
        ),
        list_runs({"/rows/0/trigger": "manual"}, status="cancelled"),
        list_steps({"/rows/*/block_id": "notify-forwarder"}, status="cancelled"),
        get_step("extract-lading", {"/duration_ms": 2500}),
    ],
    "lading-running": [
        get_run(
            {
                "/status": "running",
                "/step_counts/completed": 2,
                "/step_counts/queued": 1,
                "/running/0/step_id": "extract-lading",
            }
        ),
        list_steps({"/rows/*/block_id": "extract-lading"}, status="running"),
        get_step("extract-lading", {"/status": "running"}),
        get_step("parse-lading", {"/duration_ms": 8000}),
    ],
    "lading-protected": [
        get_run(
            {
                "/status": "error",
                "/cause/message": "Could not fetch input document: the file is password protected",
                "/cause/stage": "document_fetch",
                "/duration_ms": 1200,
                "/inputs/documents/start-lading/filename": "BL-LEH-50112-protected.pdf",
            }
        ),
        get_run({"/cause/category": "permanent"}, generations=FROM_G2B),
        list_runs({"/rows/0/trigger": "api"}, status="error"),
    ],
    "lading-quota": [
        get_run(
            {
                "/status": "error",
                "/cause/step_id": "extract-lading",
                "/cause/category": "quota",
                "/cause/message": "Credit balance exhausted: 0 of 50,000 monthly credits left",
                "/step_counts/completed": 2,
            }
        ),
        get_step("extract-lading", {"/duration_ms": 300, "/cause/category": "quota"}),
    ],
    "lading-restarted": [
        get_run({"/status": "completed", "/trigger/type": "restart", "/step_counts/completed": 4}),
        get_run({"/trigger/parent_run_id": RunId(1)}, generations=("g2b", "g2c-bare", "g2c")),
        in_step("notify-forwarder", {"/handle_inputs/input-json-0/data/port": "Genoa"}),
        get_run(
            {
                "/status": "error",
                "/cause/message": "Model did not answer within 120 s",
                "/cause/category": "transient",
            },
            run=1,
        ),
        get_step("extract-lading", {"/retries": 3}, run=1),
    ],
    "lading-pending": [
        get_run(
            {
                "/status": "pending",
                "/step_counts/pending": 4,
                "/inputs/documents/start-lading/filename": "BL-VLC-90023.pdf",
            }
        ),
        list_steps({"/rows/*/status": "pending"}),
        get_step("parse-lading", {"/status": "pending"}),
    ],
}
