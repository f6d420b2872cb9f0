"""g2e (2026-05-30 to 2026-06-16): flat runs, flat paths, one shape of a step."""

from starlette.routing import Route

from retab_mcp.sandbox.generation import Context, Generation
from retab_mcp.sandbox.records import SampleRun, SampleStep
from retab_mcp.sandbox.routes.artifacts import ArtifactRoutes
from retab_mcp.sandbox.routes.evals import EvalRoutes
from retab_mcp.sandbox.routes.experiments import FlatExperimentRoutes
from retab_mcp.sandbox.routes.reviews import ReviewRoutes
from retab_mcp.sandbox.routes.steps import FlatStepRoutes
from retab_mcp.sandbox.routes.workflows import WorkflowRoutes
from retab_mcp.sandbox.wire.common import Body, error_details, handles, inputs, loop_containers
from retab_mcp.sandbox.wire.lifecycle import run_lifecycle, step_lifecycle


class G2e(Generation):
    """g2e."""

    name = "g2e"
    bearer = False
    says_resolution = True
    filters_metadata = False
    counts_scored = False
    fingerprint = "definition_fingerprint"
    current_fingerprint = "current_config_fingerprint"
    eval_word = "test"

    def run(self, run: SampleRun, steps: tuple[SampleStep, ...]) -> Body:
        """Return the body of GET /v1/workflows/runs/{run_id}, and a row of the list."""
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
        """Return the body of GET /v1/workflows/steps/{step_id}."""
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
            **handles(step),
            "artifact": self.ref(step.artifact),
            "retry_count": step.retry_count,
        }

    def step_row(self, run: SampleRun, step: SampleStep) -> Body:
        """Return a row of GET /v1/workflows/steps: the same as the step itself."""
        return self.step(run, step)

    def routes(self, context: Context) -> list[Route]:
        """Return everything at paths of its own."""
        return [
            *FlatStepRoutes(context).routes(),
            *ArtifactRoutes(context).routes(),
            *FlatExperimentRoutes(context).routes(),
            *ReviewRoutes(context).routes(),
            *EvalRoutes(context).routes(self.eval_word),
            *WorkflowRoutes(context).graph_routes(),
        ]
