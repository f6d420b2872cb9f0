"""An experiment's job as each generation writes it."""

from inline_snapshot import snapshot

from tests.sandbox.small import get

NESTED = "/v1/workflows/wf_1/experiments/exp_1"
FLAT = "/v1/workflows/experiments"


def test_a_job_g2a_has_neither_times_nor_attempts() -> None:
    assert get("g2a", f"{NESTED}/runs/exprun_1/documents/expdoc_2") == snapshot(
        {
            "id": "expresult_2",
            "run_id": "exprun_1",
            "experiment_id": "exp_1",
            "document_id": "expdoc_2",
            "status": "error",
            "block_kind": "extract",
            "handle_inputs": {},
            "artifact": None,
            "error": "The rate is missing",
            "duration_ms": 4000,
            "created_at": "2026-03-12T09:00:01Z",
            "is_placeholder": False,
        }
    )


def test_a_job_g2b() -> None:
    assert get("g2b", f"{NESTED}/runs/exprun_1/documents/expdoc_1") == snapshot(
        {
            "id": "expresult_1",
            "run_id": "exprun_1",
            "experiment_id": "exp_1",
            "document_id": "expdoc_1",
            "status": "completed",
            "block_kind": "extract",
            "handle_inputs": {
                "input-document-0": {
                    "type": "file",
                    "document": {
                        "original_id": "file_1",
                        "filename": "a.pdf",
                        "mime_type": "application/pdf",
                        "gcs_uri": "gs://sandbox-documents/file_1",
                        "size_bytes": 0,
                    },
                }
            },
            "artifact": {"operation": "extraction", "id": "extr_2"},
            "error": None,
            "duration_ms": 4000,
            "created_at": "2026-03-12T09:00:00Z",
            "is_placeholder": False,
            "started_at": "2026-03-12T09:00:00Z",
            "completed_at": "2026-03-12T09:00:04Z",
            "attempt": 0,
        }
    )


def test_a_result_g2c() -> None:
    assert get("g2c", f"{FLAT}/runs/exprun_1/results/expdoc_2") == snapshot(
        {
            "id": "expresult_2",
            "run_id": "exprun_1",
            "experiment_id": "exp_1",
            "document_id": "expdoc_2",
            "lifecycle": {"status": "error"},
            "timing": {
                "created_at": "2026-03-12T09:00:01Z",
                "started_at": "2026-03-12T09:00:01Z",
                "completed_at": "2026-03-12T09:00:05Z",
                "duration_ms": 4000,
            },
            "block_kind": "extract",
            "handle_inputs": {},
            "artifact": None,
            "error": "The rate is missing",
            "attempt": 1,
            "is_placeholder": False,
        }
    )


def test_a_result_g3() -> None:
    assert get("g3", f"{FLAT}/results/expresult_2") == snapshot(
        {
            "id": "expresult_2",
            "experiment_run_id": "exprun_1",
            "experiment_id": "exp_1",
            "document_id": "expdoc_2",
            "lifecycle": {
                "status": "error",
                "message": "The rate is missing",
                "details": {
                    "message": "KeyError: 'rate'",
                    "stack_trace": "line 1",
                    "block_id": "calc",
                },
            },
            "timing": {
                "created_at": "2026-03-12T09:00:01Z",
                "started_at": "2026-03-12T09:00:01Z",
                "completed_at": "2026-03-12T09:00:05Z",
                "duration_ms": 4000,
            },
            "block_type": "extract",
            "handle_inputs": {},
            "handle_outputs": {},
            "artifact": None,
            "attempt": 1,
        }
    )


def test_metrics_g3() -> None:
    assert get("g3", f"{FLAT}/metrics?run_id=exprun_1") == snapshot(
        {
            "experiment_id": "exp_1",
            "run_id": "exprun_1",
            "kind": "summary",
            "view": "summary",
            "block_type": "extract",
            "score": 0.66,
            "prior_score": None,
            "documents": [
                {"id": "expdoc_1", "filename": "a.pdf", "score": 0.66, "prior_score": None},
                {"id": "expdoc_2", "filename": "b.pdf", "score": None, "prior_score": None},
            ],
            "aggregate": {"likelihoods": {"total": 0.66}},
            "prior_run_id": None,
            "block_execution_fingerprint": "fp_read",
            "scored_document_count": 1,
            "total_document_count": 2,
        }
    )
    votes = "view=votes&document_id=expdoc_1&target_path=total"
    assert get("g3", f"{FLAT}/metrics?run_id=exprun_1&{votes}")["rows"] == snapshot(
        [{"consensus": 3, "votes": [3, 4]}]
    )
