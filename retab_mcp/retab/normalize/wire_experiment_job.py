"""Read the job of one document in an experiment run."""

from retab_mcp.models import ExperimentJob, Json
from retab_mcp.retab.generations.registry import names
from retab_mcp.retab.normalize.fields import fields_of, first_text, moment, record, whole
from retab_mcp.retab.normalize.handles import handles_from_wire
from retab_mcp.retab.normalize.lifecycle import failure_of, reason_of, status_of
from retab_mcp.retab.normalize.wire_artifact import artifact_ref_from_wire


def experiment_job_from_wire(
    body: Json, *, run_id: str = "", document_id: str = "", workflow_id: str | None = None
) -> ExperimentJob:
    """Return an experiment job; the given ids are used when the body lacks them.

    Times are top-level fields until 18 May 2026, later under `timing`; the run is `run_id`, later
    `experiment_run_id`. Raises RetabError (bad_response) when the body is not an object.
    """
    row = record(body, "experiment result")
    timing = {**row, **fields_of(row.get("timing"))}
    status = status_of(row)
    return ExperimentJob(
        id=first_text(row, "id") or "",
        run_id=first_text(row, "experiment_run_id", "run_id") or run_id,
        experiment_id=first_text(row, "experiment_id"),
        document_id=first_text(row, "document_id") or document_id,
        workflow_id=first_text(row, "workflow_id") or workflow_id,
        status=status,
        type=first_text(row, *names("block", "block_type")),
        failure=failure_of(row, status),
        reason=reason_of(row, status),
        attempt=whole(row.get("attempt")) or 0,
        is_placeholder=row.get("is_placeholder") is True,
        created_at=moment(timing.get("created_at")),
        started_at=moment(timing.get("started_at")),
        completed_at=moment(timing.get("completed_at")),
        duration_ms=whole(timing.get("duration_ms")),
        artifact=artifact_ref_from_wire(row.get("artifact")),
        handle_inputs=handles_from_wire(row.get("handle_inputs")),
        handle_outputs=handles_from_wire(row.get("handle_outputs")),
    )
