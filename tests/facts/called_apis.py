"""Facts about called APIs that fail, refuse or answer late."""

from tests.facts.fact import (
    FROM_G2A,
    Call,
    get_run,
    get_step,
    in_artifact,
    in_step,
    list_steps,
    trace_value,
)

FACTS: dict[str, list[Call]] = {
    "erp-unavailable": [
        get_run(
            {
                "/status": "error",
                "/trigger/type": "webhook",
                "/cause/step_id": "create-order",
                "/cause/message": "API call failed after 3 attempts: 503 Service Unavailable",
                "/cause/category": "transient",
            }
        ),
        get_step("create-order", {"/retries": 2}),
        in_step("create-order", {"/handle_inputs/input-json-0/data/order_number": "PO-88120"}),
        in_artifact(
            "create-order",
            {
                "/attempts/2/response_status": 503,
                "/attempts/0/request_headers/Authorization": "[redacted]",
                "/attempts/0/request_headers/Cookie": "[redacted]",
                "/attempts/2/response_body/message": "The order service is down for maintenance until 15:00 UTC.",
            },
        ),
    ],
    "rates-slow": [
        get_run({"/status": "completed", "/duration_ms": 68900, "/step_counts/completed": 4}),
        get_step("ask-rate", {"/retries": 2, "/duration_ms": 65300}),
        get_step("file-answer", {"/handle_inputs/input-json-0/data/rate": 2140.75}),
        in_artifact(
            "ask-rate",
            {
                "/attempts/0/error/message": "Request timed out after 30 s",
                "/attempts/1/duration_ms": 30000,
                "/attempts/2/response_status": 200,
            },
        ),
    ],
    "bank-unauthorised": [
        get_run(
            {
                "/status": "error",
                "/cause/step_id": "pay-supplier",
                "/cause/message": "API call failed: 401 Unauthorized",
                "/cause/category": "permanent",
                "/step_counts/error": 1,
            }
        ),
        list_steps({"/rows/*/block_id": "pay-supplier"}, status="error"),
        in_step("pay-supplier", {"/handle_inputs/input-json-0/data/creditor": "Initech Supplies"}),
        in_artifact(
            "pay-supplier",
            {
                "/attempts/0/response_status": 401,
                "/attempts/0/request_headers/Authorization": "[redacted]",
            },
        ),
    ],
    "label-rejected": [
        get_run(
            {
                "/status": "error",
                "/cause/step_id": "order-label",
                "/cause/message": "API call failed: 422 Unprocessable Entity",
                "/cause/category": "permanent",
                "/step_counts/error": 1,
            }
        ),
        list_steps({"/rows/*/block_id": "order-label"}, status="error"),
        in_step("order-label", {"/handle_inputs/input-json-0/data/postcode": None}),
        trace_value(
            "order-label",
            "/handle_inputs/input-json-0/data/city",
            {
                "/origin/kind": "document",
                "/origin/step_id": "extract-order",
                "/origin/path": "/handle_outputs/output-json-0/data/city",
                "/hops/0/how": "extracted",
            },
        ),
        trace_value(
            "order-label",
            "/handle_inputs/input-json-0/data/city",
            {"/origin/page": 1, "/origin/text": "Lyon"},
            generations=FROM_G2A,
        ),
        in_artifact(
            "order-label",
            {
                "/attempts/0/response_status": 422,
                "/attempts/0/request_headers/Authorization": "[redacted]",
            },
        ),
    ],
    "register-limited": [
        get_run(
            {
                "/status": "error",
                "/cause/step_id": "look-up-company",
                "/cause/message": "API call failed: 429 Too Many Requests",
                "/cause/category": "transient",
                "/step_counts/error": 1,
            }
        ),
        list_steps({"/rows/*/block_id": "look-up-company"}, status="error"),
        in_step(
            "look-up-company", {"/handle_inputs/input-json-0/data/company": "Tailspin Leasing"}
        ),
        in_artifact(
            "look-up-company",
            {
                "/attempts/0/response_status": 429,
                "/attempts/0/request_headers/Authorization": "[redacted]",
            },
        ),
    ],
}
