"""The records that `path` points into, in one form whatever generation they came from."""

from retab_mcp.models import Artifact, ExperimentJob, Failure, Json, Step


def step_record(step: Step) -> dict[str, Json]:
    """Return the record of a step, under the same keys as in the answer of get_step."""
    summary = step.summary
    return {
        **summary.model_dump(
            mode="json", exclude={"failure", "loops", "duration_ms"}, exclude_none=True
        ),
        "loop": [position.model_dump(exclude_none=True) for position in summary.loops],
        "cause": _cause_record(summary.failure),
        "handle_inputs": step.payload.handle_inputs,
        "handle_outputs": step.payload.handle_outputs,
        **({} if step.payload.output is None else {"output": step.payload.output}),
    }


def artifact_record(artifact: Artifact) -> dict[str, Json]:
    """Return the record of an artifact: its own fields, and the reason when it failed."""
    cause = _cause_record(artifact.failure)
    return {**artifact.data, **({"cause": cause} if cause else {})}


def job_record(job: ExperimentJob) -> dict[str, Json]:
    """Return the record of an experiment's job."""
    return {
        **job.model_dump(mode="json", exclude={"failure"}, exclude_none=True),
        "cause": _cause_record(job.failure),
    }


def _cause_record(failure: Failure | None) -> dict[str, Json] | None:
    return failure.model_dump(exclude_none=True) if failure else None
