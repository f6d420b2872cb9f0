"""Experiments, their runs and their jobs, as each generation writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from retab_mcp.sandbox.records import Json, SampleExperiment, SampleJob, resolve
from retab_mcp.sandbox.wire.common import Body, duration_ms, error_details, workflow_ref

if TYPE_CHECKING:
    from retab_mcp.sandbox.generation import Generation


# The outcome of its last run, as shown by an experiment.
_EXPERIMENT_STATUS = {
    "pending": "processing",
    "queued": "processing",
    "running": "processing",
    "completed": "completed",
    "error": "failed",
    "cancelled": "cancelled",
}
# The older job had four statuses.
_OLDER_JOB_STATUS = {"queued": "pending", "cancelled": "error"}


def experiment(experiment: SampleExperiment, *, older: bool) -> Body:
    """Return the definition, with `older` in the form before g2e."""
    body: Body = {
        "id": experiment.id,
        "workflow_id": experiment.workflow_id,
        "block_id": experiment.block_id,
        "n_consensus": experiment.n_consensus,
        "document_count": len(experiment.jobs),
        "name": experiment.name,
        "last_run_id": experiment.run_id,
        "created_at": experiment.created_at,
        "updated_at": experiment.completed_at or experiment.created_at,
        "status": _EXPERIMENT_STATUS[experiment.status],
        "block_kind" if older else "block_type": experiment.block_type,
        "score": experiment.score,
        "is_stale": False,
        "schema_drift": "none",
        "schema_drift_detail": None,
    }
    if not older:
        body["freshness"] = {"status": "fresh", "reasons": [], "baseline_run_id": experiment.run_id}
        body["drift"] = {"status": "none", "affected_targets": [], "detail": None}
    return body


def run_summary(experiment: SampleExperiment) -> Body:
    """Return a row of g2a and g2b's {"runs": […]}."""
    return {
        "id": experiment.run_id,
        "parent_run_id": None,
        "block_config": None,
        "definition_fingerprint": "fp_" + experiment.block_id,
        "documents_fingerprint": "fp_" + experiment.id,
        "status": _older_status(experiment.status),
        "block_kind": experiment.block_type,
        "score": experiment.score,
        "document_count": len(experiment.jobs),
        "error_count": _count(experiment, "error"),
        "n_consensus": experiment.n_consensus,
        "created_at": experiment.created_at,
        "completed_at": experiment.completed_at,
        "duration_ms": duration_ms(experiment.started_at, experiment.completed_at),
        "job_id": None,
    }


def job(generation: Generation, experiment: SampleExperiment, job: SampleJob) -> Body:
    """Return a job of g2a, g2b and the first half of g2c: flat status, error a string."""
    body: Body = {
        "id": job.id,
        "run_id": experiment.run_id,
        "experiment_id": experiment.id,
        "document_id": job.document_id,
        "status": _OLDER_JOB_STATUS.get(job.status, job.status),
        "block_kind": experiment.block_type,
        "handle_inputs": _older_inputs(job),
        "artifact": generation.ref(job.artifact),
        "error": _error_text(job),
        "duration_ms": duration_ms(job.started_at, job.completed_at),
        "created_at": job.created_at,
        "is_placeholder": job.is_placeholder,
    }
    # Times and attempts came on 2026-05-10.
    if generation.says_attempts:
        body["started_at"] = job.started_at
        body["completed_at"] = job.completed_at
        body["attempt"] = job.attempt
    return body


def older_run(experiment: SampleExperiment) -> Body:
    """Return the run from 2026-05-18 to 2026-05-21."""
    return {
        "id": experiment.run_id,
        "workflow": workflow_ref(
            experiment.workflow_id, experiment.workflow_version_id, experiment.name
        ),
        "trigger": {"type": "manual"},
        "experiment_id": experiment.id,
        "block_id": experiment.block_id,
        "block_kind": experiment.block_type,
        "n_consensus": experiment.n_consensus,
        "lifecycle": {"status": _older_status(experiment.status)},
        "timing": _timing(experiment),
        "parent_run_id": None,
        "definition_fingerprint": "fp_" + experiment.block_id,
        "documents_fingerprint": "fp_" + experiment.id,
        "score": experiment.score,
        **_counts(experiment),
    }


def older_result(generation: Generation, experiment: SampleExperiment, job: SampleJob) -> Body:
    """Return one document's result from 2026-05-18 to 2026-05-21."""
    return {
        "id": job.id,
        "run_id": experiment.run_id,
        "experiment_id": experiment.id,
        "document_id": job.document_id,
        "lifecycle": {"status": _OLDER_JOB_STATUS.get(job.status, job.status)},
        "timing": _timing(job),
        "block_kind": experiment.block_type,
        "handle_inputs": _older_inputs(job),
        "artifact": generation.ref(job.artifact),
        "error": _error_text(job),
        "attempt": job.attempt,
        "is_placeholder": job.is_placeholder,
    }


def run(generation: Generation, experiment: SampleExperiment) -> Body:
    """Return the run of g2e and g3."""
    return {
        "id": experiment.run_id,
        "workflow_id": experiment.workflow_id,
        "workflow_version_id": experiment.workflow_version_id,
        "trigger": {"type": "manual"},
        "experiment_id": experiment.id,
        "block_id": experiment.block_id,
        "block_type": experiment.block_type,
        "n_consensus": experiment.n_consensus,
        "lifecycle": _lifecycle(experiment),
        "timing": _timing(experiment),
        "parent_run_id": None,
        "block_version_id": None,
        generation.fingerprint: "fp_" + experiment.block_id,
        "documents_fingerprint": "fp_" + experiment.id,
        "score": experiment.score,
        **_counts(experiment),
    }


def result(experiment: SampleExperiment, job: SampleJob) -> Body:
    """Return one document's result in g2e and g3."""
    ref = job.artifact
    return {
        "id": job.id,
        "experiment_run_id": experiment.run_id,
        "experiment_id": experiment.id,
        "document_id": job.document_id,
        "lifecycle": _lifecycle(job),
        "timing": _timing(job),
        "block_type": experiment.block_type,
        "handle_inputs": _handles(job.handle_inputs),
        "handle_outputs": _handles(job.handle_outputs),
        "artifact": {"operation": ref.operation, "id": ref.id} if ref else None,
        "attempt": job.attempt,
    }


def _lifecycle(record: SampleExperiment | SampleJob) -> Body:
    if record.status == "error":
        failure = record.failure
        return {
            "status": "error",
            "message": failure.message if failure else "(no message)",
            "details": error_details(failure) if failure else None,
        }
    if record.status == "cancelled":
        return {"status": "cancelled", "reason": getattr(record, "reason", None)}
    return {"status": record.status}


def _older_status(status: str) -> str:
    return "pending" if status == "queued" else status


def _error_text(job: SampleJob) -> str | None:
    if job.failure is not None:
        return job.failure.message
    return job.reason if job.status == "cancelled" else None


def _timing(record: SampleExperiment | SampleJob) -> Body:
    return {
        "created_at": record.created_at,
        "started_at": record.started_at,
        "completed_at": record.completed_at,
        "duration_ms": duration_ms(record.started_at, record.completed_at),
    }


def _count(experiment: SampleExperiment, status: str) -> int:
    return sum(job.status == status for job in experiment.jobs)


def _counts(experiment: SampleExperiment) -> Body:
    return {
        "total_document_count": len(experiment.jobs),
        "completed_document_count": _count(experiment, "completed"),
        "document_count": len(experiment.jobs),
        "error_count": _count(experiment, "error"),
    }


def _handles(handles: Json) -> Body:
    """Return the strict union of g2e and g3: a handle has data or a document, never both."""
    return {name: _strict(payload) for name, payload in resolve(handles).items()}


def _strict(payload: Mapping[str, Json]) -> Body:
    if payload["type"] == "file":
        return {"type": "file", "document": payload["document"]}
    return {"type": "json", "data": payload.get("data")}


def _older_inputs(job: SampleJob) -> Body:
    """Return the handles until g2c, where a document names the storage of its copy."""
    inputs = _handles(job.handle_inputs)
    for name, payload in inputs.items():
        if payload["type"] == "file":
            document = payload["document"]
            inputs[name]["document"] = {
                "original_id": document["id"],
                "filename": document["filename"],
                "mime_type": document["mime_type"],
                "gcs_uri": "gs://sandbox-documents/" + document["id"],
                "size_bytes": 0,
            }
    return inputs
