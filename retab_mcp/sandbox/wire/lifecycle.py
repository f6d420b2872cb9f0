"""The status unions of the generations from g2b on."""

from collections.abc import Callable

from retab_mcp.sandbox.records import SampleFailure, SampleRun, SampleStep
from retab_mcp.sandbox.wire.common import Body, older_error_details, older_status

# A run is created as pending; the schemas declare no variant for the queue.
_RUN_STATUS_WITHOUT_VARIANT = {"queued": "pending"}

DetailsOf = Callable[[SampleFailure], Body | None]


def failure_fields(failure: SampleFailure | None, details_of: DetailsOf) -> Body:
    """Return message, stage, category and details; the message is empty without a failure."""
    failure = failure or SampleFailure(message="")
    return {
        "message": failure.message,
        "stage": failure.stage,
        "category": failure.category,
        "details": details_of(failure),
    }


def run_lifecycle(run: SampleRun, details_of: DetailsOf) -> Body:
    """Return the `lifecycle` of a run, discriminated by `status`, in the current words."""
    status = _RUN_STATUS_WITHOUT_VARIANT.get(run.status, run.status)
    if status == "error":
        fields = failure_fields(run.failure, details_of)
        return {"status": status, **fields, "failing_step_id": run.failing_step_id}
    if status == "cancelled":
        return {"status": status, "reason": run.reason}
    if status == "awaiting_review":
        return {"status": status, "waiting_for_block_ids": list(run.waiting_for_block_ids)}
    return {"status": status}


def older_run_lifecycle(run: SampleRun, discriminator: str) -> Body:
    """Return the older `lifecycle`, discriminated by `kind` (g2b) or `status` (g2c)."""
    lifecycle = run_lifecycle(run, older_error_details)
    return {discriminator: older_status(lifecycle.pop("status")), **lifecycle}


def step_lifecycle(step: SampleStep, details_of: DetailsOf) -> Body:
    """Return the `lifecycle` of a step, discriminated by `status`, in the current words."""
    if step.status == "error":
        return {"status": "error", **failure_fields(step.failure, details_of)}
    if step.status in ("skipped", "cancelled"):
        return {"status": step.status, "reason": step.reason or ""}
    return {"status": step.status}
