"""Build the records of steps, artifacts and experiment jobs.

They are what answers show, `path` reads and search_run searches. Names and form are the same for
every API generation.
"""

from datetime import UTC, datetime

from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.models import Artifact, ExperimentJob, Failure, Json, Step


def step_record(step: Step) -> dict[str, Json]:
    """Return the record of a step; fields that are not known are left out."""
    summary, payload = step.summary, step.payload
    return {
        **_known(
            run_id=summary.run_id,
            step_id=short_step_id(summary.step_id, summary.run_id),
            block_id=summary.block_id,
            type=summary.type,
            label=summary.label,
            status=summary.status,
            created_at=_time(summary.created_at),
            started_at=_time(summary.started_at),
            completed_at=_time(summary.completed_at),
            duration_ms=summary.elapsed_ms,
            retries=summary.retry_count,
            model=summary.model,
            cost_usd=summary.cost,
            tokens=summary.tokens,
            reason=summary.reason,
            artifact=summary.artifact and summary.artifact.model_dump(exclude_none=True),
            output=payload.output,
        ),
        "loop": [position.model_dump(exclude_none=True) for position in summary.loops],
        "cause": cause_record(summary.failure, summary.block_id),
        "handle_inputs": payload.handle_inputs,
        "handle_outputs": payload.handle_outputs,
    }


def searched_in_step(step: Step) -> dict[str, Json]:
    """Return the part of a step's record that search_run searches.

    A search for a word in the other parts, such as a block type or a status, would find every
    step.
    """
    summary, payload = step.summary, step.payload
    return _known(
        handle_inputs=payload.handle_inputs,
        handle_outputs=payload.handle_outputs,
        output=payload.output,
        cause=cause_record(summary.failure, summary.block_id),
        reason=summary.reason,
    )


def artifact_record(artifact: Artifact) -> dict[str, Json]:
    """Return the record of an artifact: its own fields, in the form that answers show."""
    step_id = artifact.step_id
    if step_id and artifact.run_id:
        step_id = short_step_id(step_id, artifact.run_id)
    return artifact.data | _known(
        artifact_id=artifact.id,
        operation=artifact.operation,
        status=artifact.status,
        run_id=artifact.run_id,
        step_id=step_id,
        created_at=_time(artifact.created_at),
        cause=cause_record(artifact.failure),
    )


def searched_in_artifact(artifact: Artifact) -> dict[str, Json]:
    """Return the part of an artifact's record that search_run searches: its own data."""
    record = artifact_record(artifact)
    return {name: record[name] for name in artifact.data}


def job_record(job: ExperimentJob) -> dict[str, Json]:
    """Return the record of an experiment's job; fields that are not known are left out.

    `attempt` counts from 1 and is left out for the first.
    """
    return {
        **_known(
            run_id=job.run_id,
            document_id=job.document_id,
            job_id=job.id,
            status=job.status,
            experiment_id=job.experiment_id,
            workflow_id=job.workflow_id,
            type=job.type,
            attempt=job.attempt + 1 if job.attempt else None,
            placeholder=job.is_placeholder,
            created_at=_time(job.created_at),
            started_at=_time(job.started_at),
            completed_at=_time(job.completed_at),
            duration_ms=job.elapsed_ms,
            reason=job.reason,
            artifact=job.artifact and job.artifact.model_dump(exclude_none=True),
        ),
        "cause": cause_record(job.failure),
        "handle_inputs": job.handle_inputs,
        "handle_outputs": job.handle_outputs,
    }


def cause_record(failure: Failure | None, block_id: str | None = None) -> dict[str, Json] | None:
    """Return a failure as the `cause` of a record, None when there is none.

    Its details leave out the message and the step's own `block_id`, which are shown elsewhere.
    """
    if failure is None:
        return None
    details = failure.details.model_dump(exclude_none=True) if failure.details else {}
    if details.get("message") == failure.message:
        del details["message"]
    if block_id and details.get("block_id") == block_id:
        details.pop("block_id")
        details.pop("block_name", None)
    return _known(
        message=failure.message or None,
        stage=failure.stage,
        category=failure.category,
        details=details or None,
    )


def to_iso_time(moment: datetime) -> str:
    """Return a time as ISO 8601 UTC, with milliseconds if it has any."""
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def _time(moment: datetime | None) -> str | None:
    return to_iso_time(moment) if moment is not None else None


def _known(**fields: Json) -> dict[str, Json]:
    return {name: value for name, value in fields.items() if value is not None}
