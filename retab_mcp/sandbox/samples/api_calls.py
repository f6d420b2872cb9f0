"""Called APIs that are down or slow: 503 to the end, and two timeouts before an answer."""

from collections.abc import Mapping

from retab_mcp.sandbox.records import Json, Sample, SampleFailure, after
from retab_mcp.sandbox.samples import fakes
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
from retab_mcp.sandbox.samples.primitives import NUMBER, OPTIONAL_TEXT, extraction, object_schema


def order_flow(slug: str, name: str, api_block: str, label: str) -> Flow:
    """Return a workflow that extracts a document, calls an API with it and files the answer."""
    return Flow(
        slug=slug,
        name=name,
        blocks=(
            block("start-order", "start_document", "Document received"),
            block("extract-order", "extract", "Extract order", model=MODEL),
            block(api_block, "api_call", label, method="POST", max_retries=2),
            block("file-answer", "function", "File the answer"),
        ),
        edges=(
            edge("start-order", "extract-order", kind="file"),
            edge("extract-order", api_block),
            edge(api_block, "file-answer"),
        ),
    )


def extract_order(draft: RunDraft, filename: str, data: Mapping[str, Json]) -> dict[str, str]:
    """Draft the start and the extraction, and return the document."""
    order = document(filename)
    schema = object_schema(
        (),
        **{
            key: NUMBER if isinstance(value, float) else OPTIONAL_TEXT
            for key, value in data.items()
        },
    )
    draft.step("start-order", 0.1, outputs={"output-file-0": file_handle(order)})
    draft.step(
        "extract-order",
        2.9,
        outputs={"output-json-0": json_handle(dict(data))},
        artifact=draft.artifact("extraction", "extract-order", extraction(order, schema, data)),
        model=MODEL,
    )
    return order


MAINTENANCE = {
    "error": "service_unavailable",
    "message": "The order service is down for maintenance until 15:00 UTC.",
}


def _outage(first: str, url: str, headers: Mapping[str, Json], body: Json) -> list[Json]:
    """Return three attempts from the time `first` on, each answered with 503."""
    return [
        attempt(
            number,
            "POST",
            url,
            503,
            MAINTENANCE,
            started_at=after(first, begun),
            completed_at=after(first, begun + 0.31),
            duration_ms=310,
            request_headers=headers,
            request_body=body,
            response_headers={"Content-Type": "application/json", "Retry-After": "3600"},
            error={"message": "503 Service Unavailable", "error_code": "http_error"},
        )
        for number, begun in enumerate((0.0, 1.3, 3.6))
    ]


def unavailable() -> Sample:
    """An ERP answers 503 three times; the request carries three credentials."""
    draft = RunDraft(
        "erp-unavailable",
        order_flow(
            "purchase-orders", "Purchase orders to ERP", "create-order", "Create order in ERP"
        ),
        "2026-08-05T13:00:00Z",
    )
    token, key, cookie = fakes.api_key("erp"), fakes.password("erp query"), fakes.password("erp")
    order_data = {"order_number": "PO-88120", "supplier": "Acme Corp", "delivery": "2026-09-01"}
    order = extract_order(draft, "PO-88120.pdf", order_data)
    message = "API call failed after 3 attempts: 503 Service Unavailable"
    details: dict[str, Json] = {
        "message": message,
        "block_id": "create-order",
        "block_name": "Create order in ERP",
        "error_code": "http_error",
        "context": {"attempts": 3, "response_status": 503},
    }
    url = f"https://erp.example.com/api/orders?api_key={key}&company=0100"
    headers = {**fakes.headers(token), "Cookie": f"session={cookie}"}
    failure = SampleFailure(
        message=message, stage="execution", category="transient", details=details
    )
    invocation = draft.artifact(
        "api_call_invocation",
        "create-order",
        api_call(_outage(draft.time(), url, headers, order_data)),
        failure=failure,
    )
    step = draft.step(
        "create-order",
        3.95,
        status="error",
        failure=failure,
        artifact=invocation,
        retry_count=2,
        output={
            "message": message,
            "url": url,
            "method": "POST",
            "status_code": 503,
            "response_data": MAINTENANCE,
            "error": "503 Service Unavailable",
        },
    )
    draft.unreached("file-answer", "skipped", "Upstream block 'create-order' failed")
    run = draft.run(
        "error",
        7.2,
        failure=failure,
        failing_step_id=step.step_id,
        documents={"start-order": order},
        trigger={"type": "webhook", "webhook_id": "whk_purchase_orders"},
    )
    return Sample(
        name="erp-unavailable",
        title="An ERP that answered 503 three times, with keys in the request",
        runs=(run,),
        secrets=(token, key, cookie),
    )


def slow_but_answered() -> Sample:
    """Two attempts time out and the third is answered: completed, but a minute was lost."""
    draft = RunDraft(
        "rates-slow",
        order_flow("freight-rates", "Freight rates", "ask-rate", "Ask carrier for a rate"),
        "2026-08-05T14:20:00Z",
    )
    data = {"origin": "Rotterdam", "destination": "Basel", "containers": "2"}
    order = extract_order(draft, "rate-request-311.pdf", data)
    timeout = {"message": "Request timed out after 30 s", "error_code": "timeout"}
    answer = {"rate": 2140.75, "currency": "EUR", "valid_until": "2026-08-31"}
    url = "https://rates.example.com/v1/quote"
    first = draft.time()
    attempts = [
        attempt(
            number,
            "POST",
            url,
            None,
            None,
            started_at=after(first, begun),
            completed_at=after(first, begun + 30),
            duration_ms=30_000,
            request_body=data,
            error=timeout,
        )
        for number, begun in enumerate((0, 31))
    ]
    attempts.append(
        attempt(
            2,
            "POST",
            url,
            200,
            answer,
            started_at=after(first, 63),
            completed_at=after(first, 65.2),
            duration_ms=2200,
            request_body=data,
        )
    )
    invocation = draft.artifact("api_call_invocation", "ask-rate", api_call(attempts))
    draft.step(
        "ask-rate",
        65.3,
        outputs={"output-json-0": json_handle(answer)},
        artifact=invocation,
        retry_count=2,
    )
    draft.step("file-answer", 0.2, outputs={"output-json-0": json_handle({"filed": True})})
    run = draft.run("completed", 68.9, documents={"start-order": order})
    return Sample(
        name="rates-slow",
        title="Completed, but two timeouts of 30 s were hidden by retries",
        runs=(run,),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (unavailable(), slow_but_answered())
