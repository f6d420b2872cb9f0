"""g2c (2026-05-13 to 2026-05-20): grouped runs, `lifecycle.status` on runs and steps."""

from retab_mcp.sandbox.records import SampleRun, SampleStep, resolve
from retab_mcp.sandbox.wire.common import (
    Body,
    loop_containers,
    older_artifact_ref,
    older_block_type,
    older_error_details,
    older_status,
    plain,
)
from retab_mcp.sandbox.wire.kind import inputs, trigger, waiting_times
from retab_mcp.sandbox.wire.lifecycle import older_run_lifecycle, step_lifecycle


def workflow_ref(workflow_id: str, version_id: str, name: str) -> Body:
    """Which workflow, in which version, under which name."""
    return {
        "workflow_id": workflow_id,
        "version_id": version_id,
        "name_at_run_time": name,
        "requested_version": "production",
    }


class StatusWire:
    """Bodies of g2c, bare list and envelope alike."""

    def run(self, run: SampleRun, steps: tuple[SampleStep, ...]) -> Body:
        """The body of GET /v1/workflows/runs/{run_id}, and a row of the list."""
        return {
            "id": run.id,
            "workflow": workflow_ref(run.workflow_id, run.workflow_version_id, run.workflow_name),
            "trigger": trigger(run),
            "lifecycle": older_run_lifecycle(run, "status"),
            "timing": {
                "created_at": run.created_at,
                "started_at": run.started_at,
                "completed_at": run.completed_at,
                **waiting_times(run),
            },
            "inputs": inputs(run),
        }

    def step_row(self, run: SampleRun, step: SampleStep) -> Body:
        """A row of GET …/steps."""
        return {
            **_identity(step),
            "started_at": step.started_at,
            "completed_at": step.completed_at,
            "model": step.model,
            "loop_containers": loop_containers(step),
            "run_id": run.id,
            "created_at": step.created_at or step.started_at,
            **_handles(step),
            "artifact": older_artifact_ref(step),
            "retry_count": step.retry_count,
        }

    def step(self, run: SampleRun, step: SampleStep) -> Body:
        """The body of GET …/steps/{block_id}: without times."""
        return {**_identity(step), "artifact": older_artifact_ref(step), **_handles(step)}

    def block_type(self, block_type: str) -> str:
        """This generation's word for a block type."""
        return older_block_type(block_type)


def _identity(step: SampleStep) -> Body:
    lifecycle = step_lifecycle(step, older_error_details)
    return {
        "block_id": step.block_id,
        "step_id": step.step_id,
        "block_type": older_block_type(step.type),
        "block_label": step.label,
        "lifecycle": {**lifecycle, "status": older_status(lifecycle["status"])},
    }


def _handles(step: SampleStep) -> Body:
    return {
        "handle_inputs": plain(resolve(step.handle_inputs)),
        "handle_outputs": plain(resolve(step.handle_outputs)),
    }
