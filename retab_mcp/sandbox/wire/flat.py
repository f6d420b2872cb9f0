"""g2e (2026-05-30 to 2026-06-16) and g3 (since): flat runs, flat paths, one shape of a step."""

from retab_mcp.sandbox.records import SampleRun, SampleStep, resolve
from retab_mcp.sandbox.wire.common import Body, artifact_ref, error_details, loop_containers, plain
from retab_mcp.sandbox.wire.kind import inputs
from retab_mcp.sandbox.wire.lifecycle import run_lifecycle, step_lifecycle


class FlatWire:
    """Bodies of g2e."""

    def run(self, run: SampleRun, steps: tuple[SampleStep, ...]) -> Body:
        """The body of GET /v1/workflows/runs/{run_id}, and a row of the list."""
        return {
            "id": run.id,
            "workflow_id": run.workflow_id,
            "workflow_version_id": run.workflow_version_id,
            "trigger": {"type": run.trigger["type"]},
            "lifecycle": run_lifecycle(run, error_details),
            "timing": {
                "created_at": run.created_at,
                "started_at": run.started_at,
                "completed_at": run.completed_at,
            },
            "inputs": inputs(run),
        }

    def step(self, run: SampleRun, step: SampleStep) -> Body:
        """The body of GET /v1/workflows/steps/{step_id}."""
        return {
            "block_id": step.block_id,
            "step_id": step.step_id,
            "block_type": step.type,
            "block_label": step.label,
            "lifecycle": step_lifecycle(step, error_details),
            "started_at": step.started_at,
            "completed_at": step.completed_at,
            "model": step.model,
            "loop_containers": loop_containers(step),
            "run_id": run.id,
            "created_at": step.created_at or step.started_at,
            "handle_inputs": plain(resolve(step.handle_inputs)),
            "handle_outputs": plain(resolve(step.handle_outputs)),
            "artifact": artifact_ref(step),
            "retry_count": step.retry_count,
        }

    def step_row(self, run: SampleRun, step: SampleStep) -> Body:
        """A row of GET /v1/workflows/steps: the same as the step itself."""
        return self.step(run, step)

    def block_type(self, block_type: str) -> str:
        """The neutral word is the current one."""
        return block_type


class BearerWire(FlatWire):
    """Bodies of g3, which adds the metadata that a run was started with (2026-07-10)."""

    def run(self, run: SampleRun, steps: tuple[SampleStep, ...]) -> Body:
        """The body of GET /v1/workflows/runs/{run_id}, and a row of the list."""
        return {**super().run(run, steps), "metadata": dict(run.metadata) or None}
