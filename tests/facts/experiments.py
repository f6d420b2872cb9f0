"""Facts about experiments."""

from tests.facts.fact import (
    FROM_G2B,
    Call,
    DocumentId,
    ExperimentRunId,
    get_experiment_job,
    get_experiment_run,
    in_artifact,
)

FACTS: dict[str, list[Call]] = {
    "experiment-failed-job": [
        get_experiment_job(
            2,
            {
                "/status": "error",
                "/cause/message": "Could not read document: it has no pages",
                "/duration_ms": 1500,
                "/handle_inputs/input-file-0/document/filename": "INV-2026-0402.pdf",
            },
        ),
        get_experiment_job(2, {"/attempt": 2}, generations=FROM_G2B),
        get_experiment_job(
            0, {"/status": "completed", "/duration_ms": 4120, "/artifact/operation": "extraction"}
        ),
        in_artifact(1, {"/output/total_amount": 96.3, "/consensus/likelihoods/total_amount": 0.52}),
    ],
    "experiment-compared": [
        get_experiment_run(
            {
                "/documents": {"completed": 4, "error": 1},
                "/score": 0.9325,
                "/failures/0/kind": "timeout",
                "/failures/0/document_ids/0": DocumentId("QO-103"),
                "/rows/0/document_id": DocumentId("QO-103"),
                "/rows/1/document_id": DocumentId("QO-101"),
                "/rows/1/score": 0.8,
                "/next_calls/1/arguments/compare_to": ExperimentRunId(0),
            },
            run=1,
        ),
        get_experiment_run(
            {
                "/compared_to/score": 0.9833,
                "/flipped": 2,
                "/rows/0/document_id": DocumentId("QO-103"),
                "/rows/0/status_before": "completed",
                "/rows/1/document_id": DocumentId("QO-105"),
                "/rows/1/status_before": "error",
                "/rows/2/document_id": DocumentId("QO-101"),
                "/rows/2/score_before": 0.9867,
                "/targets/0/path": "delivery_date",
                "/targets/0/score_before": 0.95,
                "/targets/0/score": 0.7975,
                "/moved/0/document_id": DocumentId("QO-101"),
                "/moved/0/fields/0/path": "delivery_date",
                "/moved/0/fields/0/value": "2026-09-01",
                "/moved/0/fields/0/value_before": "2026-09-11",
            },
            run=1,
            compare_to=ExperimentRunId(0),
        ),
    ],
    "experiment-stale": [
        get_experiment_run(
            {
                "/metrics/state": "stale_metrics",
                "/metrics/reasons/0": "inputs_changed",
                "/documents": {"completed": 1, "error": 1},
                "/failures/0/kind": "document_unreadable",
                "/rows/0/filename": "QO-202.pdf",
                "/rows/1/status": "completed",
            }
        ),
    ],
    "experiment-running": [
        get_experiment_run(
            {
                "/status": "running",
                "/metrics/state": "no_metrics",
                "/documents/running": 1,
                "/documents/completed": 1,
                "/rows/2/status": "completed",
                "/rows/2/duration_ms": 4000,
            }
        ),
    ],
}
