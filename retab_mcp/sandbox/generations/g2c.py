"""g2c (2026-05-13 to 2026-05-20): grouped runs, `lifecycle.status` on runs and steps."""

from starlette.routing import Route

from retab_mcp.sandbox.generation import Context
from retab_mcp.sandbox.generations.g2b import G2b, trigger, waiting_times
from retab_mcp.sandbox.records import SampleRun, SampleStep
from retab_mcp.sandbox.routes.artifacts import ArtifactRoutes
from retab_mcp.sandbox.routes.experiments import HalfFlatExperimentRoutes
from retab_mcp.sandbox.routes.reviews import ReviewRoutes
from retab_mcp.sandbox.routes.steps import NestedStepRoutes
from retab_mcp.sandbox.routes.workflows import WorkflowRoutes
from retab_mcp.sandbox.wire.common import (
    Body,
    handles,
    inputs,
    loop_containers,
    older_block_type,
    older_error_details,
    older_status,
    workflow_ref,
)
from retab_mcp.sandbox.wire.lifecycle import older_run_lifecycle, step_lifecycle


class G2cBare(G2b):
    """g2c until 2026-05-18: lists are arrays."""

    name = "g2c-bare"
    names_owner = False
    says_filled_type = True

    def run(self, run: SampleRun, steps: tuple[SampleStep, ...]) -> Body:
        """Return the body of GET /v1/workflows/runs/{run_id}, and a row of the list."""
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
        """Return a row of GET …/steps."""
        return {
            **_identity(step),
            "started_at": step.started_at,
            "completed_at": step.completed_at,
            "model": step.model,
            "loop_containers": loop_containers(step),
            "run_id": run.id,
            "created_at": step.created_at or step.started_at,
            **handles(step),
            "artifact": self.ref(step.artifact),
            "retry_count": step.retry_count,
        }

    def step(self, run: SampleRun, step: SampleStep) -> Body:
        """Return the body of GET …/steps/{block_id}: without times."""
        return {**_identity(step), "artifact": self.ref(step.artifact), **handles(step)}


class G2c(G2cBare):
    """g2c since 2026-05-18: lists are envelopes; experiment runs and reviews have routes."""

    name = "g2c"
    bare_lists = False

    def routes(self, context: Context) -> list[Route]:
        """Move experiment runs to paths of their own; add the queue of reviews of three days."""
        return [
            *NestedStepRoutes(context).routes(),
            *ArtifactRoutes(context).older_routes(),
            *HalfFlatExperimentRoutes(context).routes(),
            *ReviewRoutes(context).overlay_routes(),
            *WorkflowRoutes(context).older_graph_routes(),
        ]


def _identity(step: SampleStep) -> Body:
    lifecycle = step_lifecycle(step, older_error_details)
    return {
        "block_id": step.block_id,
        "step_id": step.step_id,
        "block_type": older_block_type(step.type),
        "block_label": step.label,
        "lifecycle": {**lifecycle, "status": older_status(lifecycle["status"])},
    }
