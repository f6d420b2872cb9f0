"""Failed runs: called APIs, a function, a loop, and a hint that names the wrong step."""

from collections.abc import Mapping
from typing import Any

from retab_mcp.sandbox.builder.artifacts import NUMBER, OPTIONAL_TEXT, TEXT, function, object_schema
from retab_mcp.sandbox.builder.graph import MODEL, Workflow, block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder, failure_of, turn
from retab_mcp.sandbox.records import Json, Sample
from retab_mcp.sandbox.samples import fakes


def order_workflow(slug: str, name: str, api_block: str, label: str) -> Workflow:
    """Return a workflow that extracts a document, calls an API with it and files the answer."""
    return workflow(
        slug,
        name,
        block("start-order", "start_document", "Document received"),
        block("extract-order", "extract", "Extract order", model=MODEL),
        block(api_block, "api_call", label, method="POST", max_retries=2),
        block("file-answer", "function", "File the answer"),
        f"start-order > extract-order > {api_block} > file-answer",
    )


def extract_order(build: RunBuilder, filename: str, data: Mapping[str, Json]) -> None:
    """Build the start and the extraction of `data`."""
    build.start("start-order", filename=filename)
    kinds = {
        key: NUMBER if isinstance(value, float) else OPTIONAL_TEXT for key, value in data.items()
    }
    build.extract("extract-order", dict(data), 2.9, object_schema((), **kinds))


MAINTENANCE = {
    "error": "service_unavailable",
    "message": "The order service is down for maintenance until 15:00 UTC.",
}


def _erp_unavailable() -> Sample:
    graph = order_workflow(
        "purchase-orders", "Purchase orders to ERP", "create-order", "Create order in ERP"
    )
    build = RunBuilder("erp-unavailable", graph, "2026-08-05T13:00:00Z")
    token, key, cookie = fakes.api_key("erp"), fakes.password("erp query"), fakes.password("erp")
    order = {"order_number": "PO-88120", "supplier": "Acme Corp", "delivery": "2026-09-01"}
    extract_order(build, "PO-88120.pdf", order)
    url = f"https://erp.example.com/api/orders?api_key={key}&company=0100"
    failure = failure_of(
        "API call failed after 3 attempts: 503 Service Unavailable",
        category="transient",
        code="http_error",
        block_id="create-order",
        block_name="Create order in ERP",
        context={"attempts": 3, "response_status": 503},
    )
    call = build.call(
        url,
        *[(503, MAINTENANCE)] * 3,
        name="create-order",
        failure=failure,
        sent=order,
        lasting=0.31,
        starts=(0.0, 1.3, 3.6),
        request_headers={**fakes.headers(token), "Cookie": f"session={cookie}"},
        response_headers={"Content-Type": "application/json", "Retry-After": "3600"},
        error={"message": "503 Service Unavailable", "error_code": "http_error"},
    )
    output = {
        "message": failure.message,
        "url": url,
        "method": "POST",
        "status_code": 503,
        "response_data": MAINTENANCE,
        "error": "503 Service Unavailable",
    }
    step = build.fail("create-order", failure, 3.95, artifact=call, retry_count=2, output=output)
    build.skip("Upstream block 'create-order' failed", "file-answer")
    trigger = {"type": "webhook", "webhook_id": "whk_purchase_orders"}
    return Sample(
        "erp-unavailable",
        "An ERP that answered 503 three times, with keys in the request",
        (build.failed(step, 7.2, trigger=trigger),),
        secrets=(token, key, cookie),
    )


def refusal(
    name: str,
    title: str,
    created_at: str,
    graph: Workflow,
    *,
    filename: str,
    data: Mapping[str, Json],
    url: str,
    status: int,
    answer: Json,
    message: str,
    category: str = "permanent",
) -> Sample:
    """Return a run whose API call, the third block, got this one answer to the extracted `data`."""
    build, called = RunBuilder(name, graph, created_at), graph.blocks[2].id
    extract_order(build, filename, data)
    token = fakes.web_token(name)
    failure = failure_of(
        message,
        category=category,
        code="http_error",
        block_id=called,
        context={"attempts": 1, "response_status": status},
    )
    call = build.call(
        url,
        (status, answer),
        name=called,
        failure=failure,
        sent=dict(data),
        lasting=0.42,
        request_headers=fakes.headers(token),
        response_headers={"Content-Type": "application/json"},
        error={"message": message, "error_code": "http_error"},
    )
    step = build.fail(called, failure, 0.42, artifact=call)
    build.skip(f"Upstream block '{called}' failed", "file-answer")
    return Sample(name, title, (build.failed(step, 3.7),), secrets=(token,))


def _label_rejected() -> Sample:
    return refusal(
        "label-rejected",
        "A carrier refused a shipment with 422: the extracted postcode was null",
        "2026-08-05T15:31:00Z",
        order_workflow("shipping-labels", "Shipping labels", "order-label", "Order a label"),
        filename="delivery-note-2207.pdf",
        data={"postcode": None, "city": "Lyon", "country": "FR", "parcels": "3"},
        url="https://carrier.example.com/labels",
        status=422,
        answer={"errors": [{"field": "recipient.postcode", "reason": "must not be empty"}]},
        message="API call failed: 422 Unprocessable Entity",
    )


RUNNER = "/opt/retab/runner"
PACKAGES = "/usr/local/lib/python3.12/site-packages"
USER_CODE = "/sandbox/block/main.py"
# The validation library calls itself for each level of the data.
RECURSION_FRAMES = 24


def _frame(path: str, line: int, name: str, code: str) -> str:
    return f'  File "{path}", line {line}, in {name}\n    {code}\n'


def traceback(user_frames: list[tuple[int, str, str]], exception: str) -> str:
    """Return a Python traceback: the runner's frames, a library's, and the block's own.

    `user_frames` are (line, function, code) of the block's file.
    """
    visit = (f"{PACKAGES}/schemata/walk.py", 118, "visit", "return self.visit(node[key], depth)")
    frames = [
        (f"{RUNNER}/worker.py", 412, "execute", "result = await invoke(task, context)"),
        (f"{RUNNER}/invoke.py", 88, "invoke", "return handler(**inputs)"),
        (f"{PACKAGES}/anyio/to_thread.py", 63, "run_sync", "return await worker.run(call)"),
        *[visit] * RECURSION_FRAMES,
        (f"{RUNNER}/handler.py", 37, "__call__", "return self.entry(payload)"),
        *[(USER_CODE, *frame) for frame in user_frames],
    ]
    text = "".join(_frame(*frame) for frame in frames)
    return f"Traceback (most recent call last):\n{text}{exception}\n"


def raise_in(
    build: RunBuilder,
    block_id: str,
    message: str,
    seconds: float,
    trace: str,
    inputs: Any,
    printed: str = "",
) -> Any:
    """Fail a function by an exception, and return its step.

    `inputs` builds what the function was called with; `printed` is its standard output.
    """
    failure = failure_of(message, code="function_error", stack_trace=trace, block_id=block_id)
    milliseconds = round(seconds * 1000)
    call = build.artifact(
        "function_invocation",
        block_id,
        lambda: function({"input-json-0": inputs()}, None, milliseconds),
        failure=failure,
    )
    # The typed output that only the oldest generations have.
    output = {
        "message": message,
        "execution_time_ms": 600,
        "stdout": printed,
        "stderr": trace,
        "error": message,
        "traceback_str": trace,
    }
    return build.fail(block_id, failure, seconds, artifact=call, output=output)


PAYROLL = workflow(
    "payroll-monthly",
    "Monthly payroll",
    block("start-timesheets", "start_json", "Timesheets"),
    block("compute-pay", "function", "Compute gross pay"),
    block("send-to-payroll", "api_call", "Send to payroll provider", method="POST"),
    "start-timesheets > compute-pay > send-to-payroll",
)
TIMESHEETS = {
    "month": "2026-07",
    "timesheets": [
        {"employee": "E-1001", "grade": "B2", "hours": 160.0},
        {"employee": "E-1002", "grade": "C1", "hours": 152.5},
        {"employee": "E-1003", "grade": "C3", "hours": 148.0},
    ],
}


def _payroll_traceback() -> Sample:
    build = RunBuilder("payroll-traceback", PAYROLL, "2026-08-06T04:00:00Z")
    build.start("start-timesheets", TIMESHEETS)
    frames = [
        (61, "main", "lines = [gross(sheet) for sheet in data['timesheets']]"),
        (48, "gross", "return sheet['hours'] * rate_of(sheet['grade'])"),
        (23, "rate_of", "return RATES[grade]"),
    ]
    trace, printed = traceback(frames, "KeyError: 'C3'"), "2 of 3 timesheets computed\n"
    step = raise_in(build, "compute-pay", "KeyError: 'C3'", 0.6, trace, lambda: TIMESHEETS, printed)
    build.skip("Upstream block 'compute-pay' failed", "send-to-payroll")
    run = build.failed(
        step,
        0.9,
        json_data={"start-timesheets": TIMESHEETS},
        trigger={"type": "schedule", "schedule_id": "sched_payroll_monthly"},
    )
    title = "A function raised KeyError, its own frames deep within the runner's"
    return Sample("payroll-traceback", title, (run,))


ORDERS = workflow(
    "order-batch",
    "Purchase order batch",
    block("start-batch", "start_json", "Batch of orders"),
    block("each-order", "for_each", "For each order", path="$.orders"),
    block("each-order-start", "for_each_sentinel_start", "Order", parent="each-order"),
    block("normalise-order", "function", "Normalise order", parent="each-order"),
    block("price-order", "function", "Price order", parent="each-order"),
    block("send-batch", "api_call", "Send batch to ERP", method="POST"),
    "start-batch > each-order",
    "each-order-start > normalise-order > price-order",
    "each-order > send-batch",
)
ORDER_COUNT = 500
# Orders whose unit price nobody entered.
UNPRICED = (17, 203, 488)


def _order(number: int) -> dict[str, Json]:
    return {
        "order": f"PO-{40_000 + number}",
        "sku": f"C{number * 37 % 9973:06d}",
        "quantity": 1 + number % 48,
        "unit_price": None if number in UNPRICED else round(0.35 + number % 83 * 1.15, 2),
    }


def _orders_for_each() -> Sample:
    build = RunBuilder("orders-for-each", ORDERS, "2026-08-07T02:00:00Z")
    build.start("start-batch", {"orders": [_order(n) for n in range(ORDER_COUNT)]}, seconds=0.3)
    message = "TypeError: unsupported operand type(s) for *: 'int' and 'NoneType'"
    failure = failure_of(message, code="function_error")
    began = build.now
    for number in range(ORDER_COUNT):
        here, order = (turn("each-order", number),), _order(number)
        build.complete("each-order-start", order, 0.01, loops=here)
        build.complete("normalise-order", order, 0.12, loops=here)
        if number in UNPRICED:
            record = function({"input-json-0": order}, None, 90)
            call = build.artifact("function_invocation", "price-order", record, failure=failure)
            build.fail("price-order", failure, 0.09, loops=here, artifact=call)
        else:
            total = round(order["quantity"] * order["unit_price"], 2)
            build.complete("price-order", {**order, "total": total}, 0.09, loops=here)
    loop_failure = failure_of("3 of 500 iterations failed")
    step = build.container("each-order", began, status="error", failure=loop_failure)
    build.skip("Upstream block 'each-order' failed", "send-batch")
    trigger = {"type": "schedule", "schedule_id": "sched_order_batch"}
    title = "A loop over 500 orders in which the three without a unit price failed"
    return Sample("orders-for-each", title, (build.failed(step, 190.0, trigger=trigger),))


CREDIT = workflow(
    "credit-file",
    "Credit file",
    block("start-accounts", "start_document", "Annual accounts"),
    block("start-application", "start_document", "Application form"),
    block("extract-accounts", "extract", "Extract annual accounts", model=MODEL),
    block("extract-application", "extract", "Extract application", model=MODEL),
    block("merge-file", "merge_dicts", "Merge credit file"),
    block("score-file", "function", "Score"),
    block("send-score", "api_call", "Send score", method="POST"),
    "start-accounts > extract-accounts",
    "start-application > extract-application",
    "extract-accounts > merge-file",
    "extract-application > merge-file > score-file > send-score",
)
APPLICATION_SCHEMA = object_schema(("applicant", "amount"), applicant=TEXT, amount=NUMBER)
NO_INPUT = failure_of("Missing required input 'input-json-0'", stage="input_collection")


def credit_file(name: str, created_at: str, customer: str) -> RunBuilder:
    """Return a run with both starts and the extraction that works."""
    build = RunBuilder(name, CREDIT, created_at)
    build.start("start-accounts", filename=f"accounts-{customer}.pdf")
    build.start("start-application", filename=f"application-{customer}.pdf")
    data = {"applicant": "Fabrikam Energy", "amount": 250_000.5}
    build.extract("extract-application", data, 3.0, APPLICATION_SCHEMA)
    return build


def _credit_wrong_hint() -> Sample:
    build = credit_file("credit-wrong-hint", "2026-08-17T08:00:00Z", "fabrikam-2025")
    build.fail(
        "extract-accounts",
        "Could not read document: the PDF is damaged (no cross-reference table)",
        1.1,
        stage="document_fetch",
        code="document_corrupt",
        model=MODEL,
    )
    build.fail("merge-file", NO_INPUT, 0.1)
    last = build.fail("score-file", NO_INPUT, 0.1)
    build.skip("Missing input from 'score-file'", "send-score")
    title = "The run blames its last step; a damaged PDF three steps before is the cause"
    return Sample("credit-wrong-hint", title, (build.failed(last, 5.0),))


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (
        _erp_unavailable(),
        _label_rejected(),
        _payroll_traceback(),
        _orders_for_each(),
        _credit_wrong_hint(),
    )
