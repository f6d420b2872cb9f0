"""The records that `path` points into, in one form whatever generation they came from."""

from retab_mcp.answers.answer import Cause
from retab_mcp.digest.stack_trace import stack_trace
from retab_mcp.models import Artifact, ExperimentJob, Failure, Json, Run, Step


def cause_of(failure: Failure | None, block_id: str | None = None) -> Cause | None:
    """Return the failure as the `cause` of a step, job or artifact; None when there is none.

    `block_id` is that of the step, which the details then need not repeat.

    Of a stack trace the exception and the frames of the user's own code are kept: the whole is
    in the record, under /cause/details/stack_trace.
    """
    if failure is None:
        return None
    details = failure.details.model_dump(exclude_none=True) if failure.details else None
    if details and details.get("message") == failure.message:
        del details["message"]
    if details and block_id and details.get("block_id") == block_id:
        details = {
            name: value for name, value in details.items() if name not in {"block_id", "block_name"}
        }
    if details and "stack_trace" in details:
        details["stack_trace"] = stack_trace(details["stack_trace"])
    return Cause(
        message=failure.message or None,
        stage=failure.stage,
        category=failure.category,
        details=details or None,
    )


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


def run_workflow(run: Run) -> dict[str, Json]:
    """Return what is known of the workflow that a run executed."""
    known = {
        "id": run.workflow_id,
        "name": run.workflow_name,
        "version_id": run.workflow_version_id,
    }
    return {name: value for name, value in known.items() if value is not None}


def _cause_record(failure: Failure | None) -> dict[str, Json] | None:
    return failure.model_dump(exclude_none=True) if failure else None
