"""The job of a document has the same facts from every generation."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import experiment_job_from_wire
from tests.retab.wires import JSON

TIMES = {
    "created_at": "2026-05-02T11:00:00Z",
    "started_at": "2026-05-02T11:00:01Z",
    "completed_at": "2026-05-02T11:00:05Z",
    "duration_ms": 4120,
}
COMMON = {
    "id": "expjob_1",
    "experiment_id": "exp_1",
    "document_id": "expdoc_1",
    "artifact": {"operation": "extraction", "id": "extr_1"},
    "handle_inputs": {"input-document-0": {"type": "file", "filename": "q1.pdf"}},
    "attempt": 1,
}
WIRES: dict[str, dict[str, Any]] = {
    "until 18 May": {
        **COMMON, **TIMES, "run_id": "exprun_1", "status": "error", "error": "boom",
        "block_kind": "extract",
    },
    "18 to 21 May": {
        **COMMON, "run_id": "exprun_1", "lifecycle": {"status": "error"}, "error": "boom",
        "timing": TIMES, "block_kind": "extract",
    },
    "since": {
        **COMMON, "experiment_run_id": "exprun_1", "timing": TIMES, "block_type": "extract",
        "lifecycle": {"status": "error", "message": "boom", "details": None},
    },
}  # fmt: skip


@pytest.mark.parametrize("wire", WIRES)
def test_every_generation_gives_the_same_model(wire: str) -> None:
    job = experiment_job_from_wire(WIRES[wire], workflow_id="wf_1")
    assert job.elapsed_ms == 4120
    assert job.model_dump(mode="json", exclude_defaults=True) == snapshot(
        {
            "id": "expjob_1",
            "run_id": "exprun_1",
            "experiment_id": "exp_1",
            "document_id": "expdoc_1",
            "workflow_id": "wf_1",
            "status": "error",
            "type": "extract",
            "failure": {"message": "boom"},
            "attempt": 1,
            "created_at": "2026-05-02T11:00:00Z",
            "started_at": "2026-05-02T11:00:01Z",
            "completed_at": "2026-05-02T11:00:05Z",
            "duration_ms": 4120,
            "artifact": {"operation": "extraction", "id": "extr_1"},
            "handle_inputs": {
                "input-document-0": {"type": "file", "document": {"filename": "q1.pdf"}}
            },
        }
    )


def test_given_ids_replace_missing_ones() -> None:
    job = experiment_job_from_wire({}, run_id="exprun_1", document_id="expdoc_1")
    assert (job.id, job.run_id, job.document_id) == ("", "exprun_1", "expdoc_1")
    assert (job.status, job.is_placeholder) == ("unknown", False)


def test_a_body_that_is_not_an_object_is_refused() -> None:
    with pytest.raises(RetabError) as refused:
        experiment_job_from_wire([COMMON])
    assert refused.value.kind == "bad_response"


@given(st.dictionaries(st.sampled_from(sorted({*WIRES["since"], *WIRES["until 18 May"]})), JSON))
def test_wrong_types_never_fail(body: dict[str, Any]) -> None:
    job = experiment_job_from_wire(body, run_id="exprun_1", document_id="expdoc_1")
    assert job.run_id
    assert job.document_id
