"""Facts about functions that raise, and about loops."""

from tests.facts.fact import (
    Call,
    StepId,
    get_run,
    get_step,
    in_artifact,
    in_step,
    list_steps,
    trace_value,
)

FACTS: dict[str, list[Call]] = {
    "payroll-traceback": [
        trace_value(
            "compute-pay",
            "/handle_inputs/input-json-0/data/timesheets/2/grade",
            {
                "/origin/kind": "run_input",
                "/origin/step_id": "start-timesheets",
                "/origin/value": "C3",
            },
        ),
        get_run(
            {
                "/status": "error",
                "/trigger/type": "schedule",
                "/cause/step_id": "compute-pay",
                "/cause/message": "KeyError: 'C3'",
                "/cause/stage": "execution",
            }
        ),
        get_step("compute-pay", {"/duration_ms": 600}),
        in_step("compute-pay", {"/handle_inputs/input-json-0/data/timesheets/2/grade": "C3"}),
        in_artifact(
            "compute-pay",
            {"/error/message": "KeyError: 'C3'", "/inputs/input-json-0/month": "2026-07"},
        ),
    ],
    "price-list-outlier": [
        get_run(
            {
                "/status": "error",
                "/cause/step_id": "value-stock",
                "/cause/message": "TypeError: can't multiply sequence by non-int of type 'float'",
            }
        ),
        list_steps({"/rows/*/block_id": "value-stock"}, status="error"),
        in_step(
            "value-stock",
            {
                "/handle_inputs/input-json-0/data/rows/13377/qty": "12 pcs",
                "/handle_inputs/input-json-0/data/currency": "EUR",
                "/handle_inputs/input-json-0/data/rows/19999/sku": "A283150",
            },
        ),
        in_artifact("value-stock", {"/inputs/input-json-0/rows/13377/qty": "12 pcs"}),
    ],
    "orders-for-each": [
        trace_value(
            StepId("each-order_iter_17_price-order"),
            "/handle_inputs/input-json-0/data/unit_price",
            {
                "/value": None,
                "/hops/*/how": "item_of_loop",
                "/origin/kind": "run_input",
                "/origin/path": "/handle_outputs/output-json-0/data/orders/17/unit_price",
            },
        ),
        get_run(
            {
                "/status": "error",
                "/cause/step_id": "each-order_iter_17_price-order",
                "/cause/message": "TypeError: unsupported operand type(s) for *: 'int' and 'NoneType'",
            }
        ),
        list_steps(
            {
                "/rows/*/iterations": 500,
                "/rows/*/failing/0/iteration": 17,
                "/rows/*/failing/1/iteration": 203,
                "/rows/*/failing/2/iteration": 488,
                "/rows/*/failing/0/step_id": "each-order_iter_17_price-order",
                "/rows/*/failing/2/block_id": "price-order",
            }
        ),
        get_step(
            "price-order",
            {
                "/step_id": "each-order_iter_17_price-order",
                "/matches/count": 500,
                "/matches/step_counts/error": 3,
            },
        ),
        in_step(
            StepId("each-order_iter_17_price-order"),
            {"/handle_inputs/input-json-0/data/unit_price": None},
        ),
        in_artifact("each-order_iter_17_price-order", {"/inputs/input-json-0/order": "PO-40017"}),
    ],
    "quote-while": [
        get_run({"/status": "completed", "/step_counts/completed": 13}),
        list_steps({"/rows/*/iterations": 5}),
        get_step(
            "check-quote",
            {"/matches/count": 5, "/step_id": "until-complete_iter_4_check-quote"},
        ),
        in_step("accept-quote", {"/handle_inputs/input-json-0/data/missing_fields": 1}),
        in_artifact(
            "until-complete",
            {"/termination_reason": "max_iterations_reached", "/evaluations/0/actual": 1},
        ),
    ],
    "claims-nested": [
        get_run(
            {
                "/status": "error",
                "/cause/step_id": "until-settled_iter_2_each-claim_iter_1_book-reserve",
                "/cause/message": "API call failed: 409 Conflict",
            }
        ),
        list_steps({"/rows/*/iterations": 3}),
        list_steps({"/rows/*/block_id": "book-reserve"}, block_id="book-reserve", status="error"),
        get_step(
            "book-reserve",
            {
                "/step_id": "until-settled_iter_2_each-claim_iter_1_book-reserve",
                "/matches/count": 12,
            },
        ),
        get_step(
            StepId("until-settled_iter_2_each-claim_iter_1_book-reserve"),
            {
                "/loop/0/iteration": 2,
                "/loop/1/iteration": 1,
                "/handle_inputs/input-json-0/data/claim": "CL-701",
            },
        ),
        in_artifact("until-settled", {"/termination_reason": "error"}),
    ],
    "manifest-2000": [
        get_run(
            {
                "/status": "error",
                "/cause/step_id": "declare-manifest",
                "/cause/message": "API call failed: 400 Bad Request",
                "/step_counts/completed": 1998,
                "/step_counts/error": 1,
            }
        ),
        list_steps({"/rows/*/iterations": 285}),
        list_steps({"/rows/*/message": "API call failed: 400 Bad Request"}, status="error"),
        get_step("weigh-container", {"/matches/count": 285}),
        in_step(
            "declare-manifest", {"/handle_inputs/input-json-0/data/containers/201/net_mass_kg": 0}
        ),
        in_artifact("declare-manifest", {"/attempts/0/response_body/errors/0/line": 201}),
    ],
}
