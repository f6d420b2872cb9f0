"""Artifacts and primitives as each generation writes them."""

from inline_snapshot import snapshot

from tests.sandbox.small import get


def test_an_extraction_g1() -> None:
    assert get("g1", "/v1/extractions/extr_1") == snapshot(
        {
            "id": "extr_1",
            "file": {
                "id": "file_1",
                "filename": "a.pdf",
                "mime_type": "application/pdf",
                "gcs_path": None,
            },
            "predictions": {"total": 3, "vat": None},
            "likelihoods": {"total": 0.66},
            "consensus_details": [{"data": {"total": 3}}, {"data": {"total": 4}}],
            "origin": {"type": "documents.extract", "id": None},
            "inference_settings": {
                "model": "retab-small",
                "image_resolution_dpi": 192,
                "n_consensus": 3,
            },
            "json_schema": {"type": "object"},
            "metadata": {},
            "created_at": "2026-03-12T09:00:01.250Z",
            "updated_at": "2026-03-12T09:00:01.250Z",
            "organization_id": "org_sandbox01",
        }
    )


def test_an_extraction_g2a_has_no_status_yet() -> None:
    extraction = get("g2a", "/v1/extractions/extr_1")
    assert "status" not in extraction
    assert extraction["consensus"]["likelihoods"] == {"total": 0.66}


def test_an_extraction_g3() -> None:
    assert get("g3", "/v1/extractions/extr_1") == snapshot(
        {
            "id": "extr_1",
            "file": {"id": "file_1", "filename": "a.pdf", "mime_type": "application/pdf"},
            "model": "retab-small",
            "json_schema": {"type": "object"},
            "n_consensus": 3,
            "output": {"total": 3, "vat": None},
            "consensus": {"choices": [{"total": 3}, {"total": 4}], "likelihoods": {"total": 0.66}},
            "created_at": "2026-03-12T09:00:01.250Z",
            "status": "completed",
            "error": None,
        }
    )
    assert get("g3", "/v1/extractions/extr_1?include_output=false")["output"] == {}


def test_a_function_invocation_has_its_error_as_a_string_until_g2c() -> None:
    assert get("g2b", "/v1/workflows/artifacts/function_invocation/fninv_1") == snapshot(
        {
            "operation": "function_invocation",
            "id": "fninv_1",
            "workflow_run_id": "run_1",
            "organization_id": "org_sandbox01",
            "step_id": "run_1_calc_0",
            "inputs": {"total": 3},
            "output": None,
            "duration_ms": 12,
            "error": "The rate is missing",
            "created_at": "2026-03-12T09:00:03Z",
        }
    )


def test_a_function_invocation_g3() -> None:
    assert get("g3", "/v1/workflows/artifacts/fninv_1") == snapshot(
        {
            "operation": "function_invocation",
            "id": "fninv_1",
            "run_id": "run_1",
            "step_id": "run_1_calc_0",
            "inputs": {"total": 3},
            "output": None,
            "duration_ms": 12,
            "error": {
                "message": "The rate is missing",
                "stack_trace": "line 1",
                "block_id": "calc",
            },
            "created_at": "2026-03-12T09:00:03Z",
        }
    )


def test_an_evaluation_has_per_item_and_its_own_name_until_g2c() -> None:
    assert get("g2c", "/v1/workflows/artifacts/hil_evaluation/heval_1") == snapshot(
        {
            "operation": "hil_evaluation",
            "id": "heval_1",
            "workflow_run_id": "run_2",
            "step_id": "run_2_read",
            "requires_human_review": True,
            "evaluations": [
                {
                    "condition_id": "c1",
                    "path": "total",
                    "operator": "exists",
                    "matched": True,
                    "per_item": [{"index": 0, "actual": 3, "matched": True}],
                    "details": {"path": "total", "per_item": [], "matched": True},
                }
            ],
            "created_at": "2026-03-12T10:00:05Z",
        }
    )


def test_an_evaluation_g3() -> None:
    assert get("g3", "/v1/workflows/artifacts/heval_1") == snapshot(
        {
            "operation": "review_trigger_evaluation",
            "id": "heval_1",
            "run_id": "run_2",
            "step_id": "run_2_read",
            "requires_human_review": True,
            "evaluations": [
                {
                    "condition_id": "c1",
                    "path": "total",
                    "operator": "exists",
                    "matched": True,
                    "items": [{"index": 0, "actual": 3, "matched": True}],
                    "details": {"path": "total", "items": [], "matched": True},
                }
            ],
            "created_at": "2026-03-12T10:00:05Z",
        }
    )
