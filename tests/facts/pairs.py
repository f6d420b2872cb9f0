"""Facts about pairs of runs, for the tools that compare and search."""

from tests.facts.fact import FROM_G2E, Call, compare_runs, search_run

FACTS: dict[str, list[Call]] = {
    "receipt-versions": [
        compare_runs(
            {
                "/first_difference/block_id": "extract-receipt",
                "/differences/0/block_id": "extract-receipt",
                "/differences/0/same_inputs": 1,
                "/differences/0/changes/*/only_in": "b",
                "/differences/0/changes/*/b": {"name": "Reusable bag", "price": 0.25},
                "/differences/1/changes/0/a": 21.25,
                "/differences/1/changes/0/b": 21.5,
                "/same_steps": 1,
                "/models/0/a": "retab-micro",
                "/models/0/b": "retab-small",
            },
            run=1,
            other=0,
        ),
        compare_runs(
            {"/workflow_version/changed/0": "extract-receipt"}, run=1, other=0, generations=FROM_G2E
        ),
        search_run(
            "Reusable",
            {
                "/matches/0/step_id": "extract-receipt",
                "/matches/0/path": "/handle_outputs/output-json-0/data/items/0/name",
                "/matches/0/match": "Reusable bag",
            },
            run=0,
        ),
        search_run("Reusable", {"/total": 0}, run=1),
    ],
    "payments-rate": [
        compare_runs(
            {
                "/differences/0/block_id": "send-payments",
                "/differences/0/a_status": "error",
                "/differences/0/b_status": "completed",
                "/differences/0/a_message": "API call failed: 422 Unprocessable Entity",
                "/first_difference/block_id": "convert-euros",
                "/differences/*/count": 4,
                "/differences/*/same_inputs": 4,
                "/differences/*/step_id": "each-payment_iter_0_convert-euros",
                "/differences/*/changes/0/a": 11500.0,
                "/differences/*/changes/0/b": 115.0,
                "/durations/0/block_id": "send-payments",
                "/durations/0/ratio": 5.0,
            },
            run=1,
            other=0,
        ),
        search_run(
            "11500",
            {
                "/matches/*/step_id": "each-payment_iter_0_convert-euros",
                "/matches/*/path": "/handle_outputs/output-json-0/data/amount",
                "/matches/*/iterations_from_0": [0],
            },
            run=1,
        ),
    ],
    "payments-more": [
        compare_runs(
            {
                "/first_difference/block_id": "start-payments",
                "/inputs/*/path": "/json_data/start-payments/payments/0",
                "/inputs/*/only_in": "a",
                "/inputs/*/a/reference": "PAY-8000",
                "/differences/0/differs": "only_in_a",
                "/differences/0/iteration_from_0": [3],
                "/compared_steps": 6,
            },
            run=1,
            other=0,
        ),
        search_run(
            "PAY-8000",
            {
                "/matches/0/path": "/inputs/json_data/start-payments/payments/0/reference",
                "/matches/1/step_id": "start-payments",
            },
            run=1,
        ),
        search_run("PAY-8000", {"/total": 0}, run=0),
    ],
}
