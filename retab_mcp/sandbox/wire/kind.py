"""g2b (2026-05-10 to 2026-05-13): grouped runs, `lifecycle.kind`, steps with `terminal.kind`."""

from retab_mcp.sandbox.records import SampleRun, SampleStep, resolve
from retab_mcp.sandbox.wire.common import (
    ORGANIZATION,
    Body,
    documents,
    duration_ms,
    loop_containers,
    older_artifact_ref,
    older_block_type,
    older_error_details,
    older_status,
    plain,
    snapshot_id,
)
from retab_mcp.sandbox.wire.lifecycle import failure_fields, older_run_lifecycle

# What a trigger must say of itself by type, where a sample does not.
_TRIGGER_FIELDS: dict[str, Body] = {
    "manual": {"user_id": None},
    "api": {"api_key_id": None},
    "schedule": {"schedule_id": "sched_sandbox01"},
    "webhook": {"webhook_id": None},
    "email": {"sender": "sender@example.com", "subject": None},
    "restart": {"parent_run_id": "run_parent"},
}


def trigger(run: SampleRun) -> Body:
    """The trigger union of g2b and g2c."""
    fields = _TRIGGER_FIELDS.get(run.trigger["type"], {})
    said = {name: run.trigger.get(name, default) for name, default in fields.items()}
    return {"type": run.trigger["type"], **said}


def inputs(run: SampleRun) -> Body:
    """The inputs of a run, grouped as from g2b on."""
    return {"documents": documents(run), "json_data": plain(resolve(run.json_data))}


def waiting_times(run: SampleRun) -> Body:
    """How long a run waited for a person, in the words until 2026-05-20."""
    return {
        "human_waiting_started_at": run.review_waiting_since,
        "accumulated_human_waiting_ms": run.review_waiting_ms,
    }


class KindWire:
    """Bodies of g2b."""

    def run(self, run: SampleRun, steps: tuple[SampleStep, ...]) -> Body:
        """The body of GET /v1/workflows/runs/{run_id}, and a row of the list."""
        elapsed = duration_ms(run.started_at, run.completed_at)
        return {
            "id": run.id,
            "organization_id": ORGANIZATION,
            "workflow": {
                "workflow_id": run.workflow_id,
                "snapshot_id": snapshot_id(run),
                "name_at_run_time": run.workflow_name,
            },
            "trigger": trigger(run),
            "lifecycle": older_run_lifecycle(run, "kind"),
            "timing": {
                "created_at": run.created_at,
                "started_at": run.started_at,
                "completed_at": run.completed_at,
                **waiting_times(run),
                "duration_ms": elapsed,
                "active_duration_ms": None if elapsed is None else elapsed - run.review_waiting_ms,
            },
            "inputs": inputs(run),
        }

    def step_row(self, run: SampleRun, step: SampleStep) -> Body:
        """A row of GET …/steps; the list leaves the payloads of the handles out."""
        innermost = step.loops[-1] if step.loops else None
        return {
            **_identity(step),
            "status": older_status(step.status),
            "started_at": step.started_at,
            "completed_at": step.completed_at,
            "terminal": _terminal(step),
            "model": step.model,
            "loop_containers": loop_containers(step),
            "run_id": run.id,
            "organization_id": ORGANIZATION,
            "created_at": step.created_at or step.started_at,
            "handle_inputs": {},
            "handle_outputs": {},
            "artifact": older_artifact_ref(step),
            "retry_count": step.retry_count,
            "duration_ms": duration_ms(step.started_at, step.completed_at),
            "loop_id": innermost.container_id if innermost else None,
            "iteration": innermost.iteration if innermost else None,
        }

    def step(self, run: SampleRun, step: SampleStep) -> Body:
        """The body of GET …/steps/{block_id}: with payloads, without times."""
        return {
            **_identity(step),
            "status": older_status(step.status),
            "terminal": _terminal(step),
            "artifact": older_artifact_ref(step),
            "handle_outputs": plain(resolve(step.handle_outputs)),
            "handle_inputs": plain(resolve(step.handle_inputs)),
        }

    def block_type(self, block_type: str) -> str:
        """This generation's word for a block type."""
        return older_block_type(block_type)


def _identity(step: SampleStep) -> Body:
    return {
        "block_id": step.block_id,
        "step_id": step.step_id,
        "block_type": older_block_type(step.type),
        "block_label": step.label,
    }


def _terminal(step: SampleStep) -> Body | None:
    if step.status == "error":
        return {"kind": "error", **failure_fields(step.failure, older_error_details)}
    if step.status in ("skipped", "cancelled"):
        return {"kind": step.status, "reason": step.reason or ""}
    return None
