"""Loops: 500 orders of which three fail, and a while loop that ran out of iterations."""

from retab_mcp.sandbox.records import Json, Sample, SampleFailure, SampleLoop, SampleRef
from retab_mcp.sandbox.samples import evaluations
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
from retab_mcp.sandbox.samples.primitives import (
    NUMBER,
    OPTIONAL_DATE,
    TEXT,
    extraction,
    object_schema,
)

ORDERS = Flow(
    slug="order-batch",
    name="Purchase order batch",
    blocks=(
        block("start-batch", "start_json", "Batch of orders"),
        block("each-order", "for_each", "For each order", path="$.orders"),
        block("each-order-start", "for_each_sentinel_start", "Order", parent="each-order"),
        block("normalise-order", "function", "Normalise order", parent="each-order"),
        block("price-order", "function", "Price order", parent="each-order"),
        block("send-batch", "api_call", "Send batch to ERP", method="POST"),
    ),
    edges=(
        edge("start-batch", "each-order"),
        edge("each-order-start", "normalise-order"),
        edge("normalise-order", "price-order"),
        edge("each-order", "send-batch"),
    ),
)
ORDER_COUNT = 500
# Orders whose unit price nobody entered.
UNPRICED = (17, 203, 488)
UNPRICED_MESSAGE = "TypeError: unsupported operand type(s) for *: 'int' and 'NoneType'"


def _order(number: int) -> dict[str, Json]:
    return {
        "order": f"PO-{40_000 + number}",
        "sku": f"C{number * 37 % 9973:06d}",
        "quantity": 1 + number % 48,
        "unit_price": None if number in UNPRICED else round(0.35 + number % 83 * 1.15, 2),
    }


def _price_orders(draft: RunDraft) -> list[SampleRef]:
    """Draft all iterations; return the invocations that failed."""
    failure = SampleFailure(
        message=UNPRICED_MESSAGE,
        stage="execution",
        category="permanent",
        details={"message": UNPRICED_MESSAGE, "error_code": "function_error"},
    )
    failed = []
    for number in range(ORDER_COUNT):
        here = (SampleLoop(container_id="each-order", iteration=number),)
        order = _order(number)
        handles = {"output-json-0": json_handle(order)}
        draft.step("each-order-start", 0.01, outputs=handles, loops=here)
        draft.step("normalise-order", 0.12, outputs=handles, loops=here)
        if number not in UNPRICED:
            total = round(order["quantity"] * order["unit_price"], 2)
            priced = {"output-json-0": json_handle({**order, "total": total})}
            draft.step("price-order", 0.09, outputs=priced, loops=here)
            continue
        invocation = draft.artifact(
            "function_invocation",
            "price-order",
            evaluations.function({"input-json-0": order}, None, 90),
            failure=failure,
        )
        failed.append(invocation)
        draft.step(
            "price-order", 0.09, status="error", failure=failure, loops=here, artifact=invocation
        )
    return failed


def failing_iterations() -> Sample:
    """500 iterations of three steps; in three of them the last step raises."""
    draft = RunDraft("orders-for-each", ORDERS, "2026-08-07T02:00:00Z")
    draft.step(
        "start-batch",
        0.3,
        outputs=lambda: {
            "output-json-0": json_handle({"orders": [_order(n) for n in range(ORDER_COUNT)]})
        },
    )
    container_started = draft.now
    _price_orders(draft)
    loop_failure = SampleFailure(
        message="3 of 500 iterations failed", stage="execution", category="permanent"
    )
    draft.container("each-order", container_started, status="error", failure=loop_failure)
    draft.unreached("send-batch", "skipped", "Upstream block 'each-order' failed")
    run = draft.run(
        "error",
        190.0,
        failure=loop_failure,
        failing_step_id=draft.step_id("each-order"),
        trigger={"type": "schedule", "schedule_id": "sched_order_batch"},
    )
    return Sample(
        name="orders-for-each",
        title="A loop over 500 orders in which the three without a unit price failed",
        runs=(run,),
    )


APPROVAL = Flow(
    slug="quote-negotiation",
    name="Quote clarification",
    blocks=(
        block("start-quote", "start_document", "Quote received"),
        block("until-complete", "while_loop", "Until complete", max_iterations=5),
        block("re-extract", "extract", "Extract again", parent="until-complete", model=MODEL),
        block("check-quote", "function", "Check completeness", parent="until-complete"),
        block("accept-quote", "api_call", "Accept quote", method="POST"),
    ),
    edges=(
        edge("start-quote", "until-complete", kind="file"),
        edge("start-quote", "re-extract", kind="file"),
        edge("re-extract", "check-quote"),
        edge("until-complete", "accept-quote"),
    ),
)
MAX_ITERATIONS = 5


def loop_ran_out() -> Sample:
    """Five extractions find no delivery date, the loop gives up, and the run still completes."""
    draft = RunDraft("quote-while", APPROVAL, "2026-08-07T09:00:00Z")
    quote = document("quote-Q-7781.pdf")
    schema = object_schema(
        ("supplier", "total"), supplier=TEXT, total=NUMBER, delivery_date=OPTIONAL_DATE
    )
    data = {"supplier": "Fabrikam Energy", "total": 18_400.5, "delivery_date": None}
    draft.step("start-quote", 0.1, outputs={"output-file-0": file_handle(quote)})
    container_started = draft.now
    for number in range(MAX_ITERATIONS):
        here = (SampleLoop(container_id="until-complete", iteration=number),)
        extracted = draft.artifact(
            "extraction",
            f"re-extract/{number}",
            extraction(quote, schema, data),
        )
        draft.step(
            "re-extract",
            3.0,
            outputs={"output-json-0": json_handle(data)},
            artifact=extracted,
            model=MODEL,
            loops=here,
        )
        draft.step(
            "check-quote",
            0.2,
            outputs={"output-json-0": json_handle({"missing_fields": 1})},
            loops=here,
        )
    termination = draft.artifact(
        "while_loop_termination",
        "until-complete",
        {
            "termination_reason": "max_iterations_reached",
            "evaluations": [
                evaluations.condition(
                    "nothing-missing", "$.missing_fields", "is_equal_to", 0, 1, matched=False
                )
            ],
        },
    )
    draft.container(
        "until-complete",
        container_started,
        outputs={"output-json-0": json_handle({"missing_fields": 1})},
        artifact=termination,
    )
    draft.step("accept-quote", 0.4, outputs={"output-json-0": json_handle({"accepted": True})})
    run = draft.run("completed", 17.6, documents={"start-quote": quote})
    return Sample(
        name="quote-while",
        title="A while loop that ran out after 5 iterations with a field still missing",
        runs=(run,),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (failing_iterations(), loop_ran_out())
