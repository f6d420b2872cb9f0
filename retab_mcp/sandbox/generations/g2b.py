"""g2b (2026-05-10 to 2026-05-13): grouped runs, `lifecycle.kind`, steps with `terminal.kind`."""

from starlette.routing import Route

from retab_mcp.sandbox.generation import Context
from retab_mcp.sandbox.generations.g2a import G2a
from retab_mcp.sandbox.records import SampleRun, SampleStep
from retab_mcp.sandbox.routes.artifacts import ArtifactRoutes
from retab_mcp.sandbox.wire.common import (
    OPERATIONS,
    ORGANIZATION,
    Body,
    duration_ms,
    handles,
    inputs,
    loop_containers,
    older_block_type,
    older_error_details,
    older_status,
    snapshot_id,
)
from retab_mcp.sandbox.wire.lifecycle import failure_fields, older_run_lifecycle

# Required fields of a trigger by type, used where a sample omits them.
_TRIGGER_FIELDS: dict[str, Body] = {
    "manual": {"user_id": None},
    "api": {"api_key_id": None},
    "schedule": {"schedule_id": "sched_sandbox01"},
    "webhook": {"webhook_id": None},
    "email": {"sender": "sender@example.com", "subject": None},
    "restart": {"parent_run_id": "run_parent"},
}


def trigger(run: SampleRun) -> Body:
    """Return the trigger union of g2b and g2c."""
    fields = _TRIGGER_FIELDS.get(run.trigger["type"], {})
    said = {name: run.trigger.get(name, default) for name, default in fields.items()}
    return {"type": run.trigger["type"], **said}


def waiting_times(run: SampleRun) -> Body:
    """Return how long a run waited for a person, in the words until 2026-05-20."""
    return {
        "human_waiting_started_at": run.review_waiting_since,
        "accumulated_human_waiting_ms": run.review_waiting_ms,
    }


class G2b(G2a):
    """g2b."""

    name = "g2b"
    embeds_steps = False
    says_attempts = True
    referable = OPERATIONS

    def run(self, run: SampleRun, steps: tuple[SampleStep, ...]) -> Body:
        """Return the body of GET /v1/workflows/runs/{run_id}, and a row of the list."""
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
        """Return a row of GET …/steps, without the payloads of the handles."""
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
            "artifact": self.ref(step.artifact),
            "retry_count": step.retry_count,
            "duration_ms": duration_ms(step.started_at, step.completed_at),
            "loop_id": innermost.container_id if innermost else None,
            "iteration": innermost.iteration if innermost else None,
        }

    def step(self, run: SampleRun, step: SampleStep) -> Body:
        """Return the body of GET …/steps/{block_id}: with payloads, without times."""
        return {
            **_identity(step),
            "status": older_status(step.status),
            "terminal": _terminal(step),
            "artifact": self.ref(step.artifact),
            **handles(step),
        }

    def routes(self, context: Context) -> list[Route]:
        """Add artifacts, by operation and id."""
        return [*ArtifactRoutes(context).older_routes(), *super().routes(context)]


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
