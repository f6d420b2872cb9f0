"""g1 (2025-12-29 to 2026-04-14), the base of g2a: flat records with one status.

The run embeds a summary of its steps and carries duration, cost and final outputs. Nothing
says why a run or step was cancelled, nor which step failed the run; the reason of a skipped step is
in its `SkippedOutput`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from starlette.routing import Route

from retab_mcp.sandbox.generation import Context, Generation
from retab_mcp.sandbox.records import Json, SampleArtifact, SampleRun, SampleStep, resolve
from retab_mcp.sandbox.routes.reviews import ReviewRoutes
from retab_mcp.sandbox.routes.steps import NestedStepRoutes
from retab_mcp.sandbox.routes.workflows import WorkflowRoutes
from retab_mcp.sandbox.wire.artifacts import RESOLUTION_DPI
from retab_mcp.sandbox.wire.common import (
    OLDER_OPERATION,
    ORGANIZATION,
    Body,
    documents,
    duration_ms,
    loop_containers,
    older_block_type,
    older_error_details,
    older_status,
    plain,
    snapshot_id,
)


class G1(Generation):
    """g1, where a block is a node."""

    name = "g1"
    bearer = False
    nested = True
    bare_lists = True
    names_owner = True
    embeds_steps = True
    says_attempts = False
    filters_statuses = True
    filters_metadata = False
    counts_scored = False
    fingerprint = "definition_fingerprint"
    current_fingerprint = "current_config_fingerprint"
    primitives: ClassVar[tuple[str, ...]] = ("extraction",)
    referable: ClassVar[tuple[str, ...]] = ()

    # The field of a block's id, and words for types that only this generation has.
    word = "node"
    block_types: Mapping[str, str] = MappingProxyType({"function": "functions"})

    def run(self, run: SampleRun, steps: tuple[SampleStep, ...]) -> Body:
        """Return the body of GET /v1/workflows/runs/{run_id}, and a row of the list."""
        failure = run.failure
        body: Body = {
            "id": run.id,
            "workflow_id": run.workflow_id,
            "workflow_name": run.workflow_name,
            "organization_id": ORGANIZATION,
            "dataset_id": None,
            "config_snapshot_id": snapshot_id(run),
            "status": older_status(run.status),
            "execution_phase": "started" if run.started_at else "created",
            "trigger_type": run.trigger["type"],
            "trigger_email": run.trigger.get("sender"),
            "completed_at": run.completed_at,
            "duration_ms": duration_ms(run.started_at, run.completed_at),
            "human_waiting_started_at": run.review_waiting_since,
            "human_waiting_duration_ms": run.review_waiting_ms,
            "steps": [self.step_summary(step) for step in steps],
            "input_documents": documents(run) or None,
            "input_json_data": plain(resolve(run.json_data)) or None,
            "final_outputs": resolve(run.final_outputs),
            "error": failure.message if failure else None,
            "error_stage": failure.stage if failure else None,
            "error_details": older_error_details(failure) if failure else None,
            "cost_summary": _cost_summary(steps),
            "created_at": run.created_at,
            "updated_at": run.completed_at or run.started_at or run.created_at,
            f"waiting_for_{self.word}_ids": list(run.waiting_for_block_ids),
            f"executed_{self.word}_ids": [step.block_id for step in steps if step.started_at],
        }
        if run.started_at is not None:
            body["started_at"] = run.started_at
        if run.status == "cancelled":
            body["cancel_requested_at"] = run.completed_at
        return body

    def step_summary(self, step: SampleStep) -> Body:
        """Return an element of the `steps` that a run embeds."""
        return {**self._identity(step), "step_id": step.step_id, **self._progress(step)}

    def step_row(self, run: SampleRun, step: SampleStep) -> Body:
        """Return a row of GET /v1/workflows/runs/{run_id}/steps."""
        return {
            "run_id": run.id,
            "organization_id": ORGANIZATION,
            **self.step_summary(step),
            "error_details": older_error_details(step.failure) if step.failure else None,
            "output": _typed_output(step),
            **_handles(step),
            "retry_count": step.retry_count,
            "created_at": step.created_at or step.started_at,
            "updated_at": step.completed_at or step.started_at,
        }

    def step(self, run: SampleRun, step: SampleStep) -> Body:
        """Return the body of GET …/steps/{node_id}: no id of the step, no error, no times."""
        return {
            **self._identity(step),
            "status": older_status(step.status),
            "output": _typed_output(step),
            **_handles(step),
        }

    def routes(self, context: Context) -> list[Route]:
        """Return steps below their run, decisions by block, and graphs below their workflow."""
        return [
            *NestedStepRoutes(context).routes(),
            *ReviewRoutes(context).decision_routes(),
            *WorkflowRoutes(context).older_graph_routes(),
        ]

    def status(self, status: str) -> str:
        """Return the word until 2026-05-20."""
        return older_status(status)

    def block_type(self, block_type: str) -> str:
        """Return the word of this generation."""
        return self.block_types.get(block_type, older_block_type(block_type))

    def operation(self, operation: str) -> str:
        """Return the word until 2026-05-20."""
        return OLDER_OPERATION.get(operation, operation)

    def primitive(self, record: SampleArtifact, *, include_output: bool = True) -> Body:
        """Return an extraction, with `predictions` for the output and the likelihoods on top."""
        data = dict(resolve(record.data))
        consensus = data.get("consensus") or {}
        choices = [{"data": choice} for choice in consensus.get("choices", [])]
        return {
            "id": record.id,
            "file": {**data.get("file", {}), "gcs_path": None},
            "predictions": data.get("output"),
            "likelihoods": consensus.get("likelihoods"),
            "consensus_details": choices or None,
            "origin": {"type": "documents.extract", "id": None},
            "inference_settings": {
                "model": data.get("model"),
                "image_resolution_dpi": RESOLUTION_DPI,
                "n_consensus": data.get("n_consensus", 1),
            },
            "json_schema": data.get("json_schema", {}),
            "metadata": data.get("metadata") or {},
            "created_at": record.created_at,
            "updated_at": record.created_at,
            "organization_id": ORGANIZATION,
        }

    def publication(self, newest: SampleRun) -> Body:
        """Return the snapshot that is published."""
        return {"is_published": True, "published_snapshot_id": snapshot_id(newest)}

    def _identity(self, step: SampleStep) -> Body:
        return {
            f"{self.word}_id": step.block_id,
            f"{self.word}_type": self.block_type(step.type),
            f"{self.word}_label": step.label,
        }

    def _progress(self, step: SampleStep) -> Body:
        failure = step.failure
        innermost = step.loops[-1] if step.loops else None
        return {
            "status": older_status(step.status),
            "started_at": step.started_at,
            "completed_at": step.completed_at,
            "duration_ms": duration_ms(step.started_at, step.completed_at),
            "error": failure.message if failure else None,
            "error_stage": failure.stage if failure else None,
            "error_category": failure.category if failure else None,
            "requires_human_review": step.status == "awaiting_review" or None,
            "loop_id": innermost.container_id if innermost else None,
            "iteration": innermost.iteration if innermost else None,
            "iteration_context": {"containers": loop_containers(step)} if innermost else None,
            "model": step.model,
            "cost": _cost(step),
            "tokens": _tokens(step.tokens),
        }


def _typed_output(step: SampleStep) -> Json:
    if step.status == "skipped":
        return {"skipped": True, "reason": step.reason, "missing_input": None}
    return resolve(step.output)


def _handles(step: SampleStep) -> Body:
    # These generations send null, not {}, when there are none.
    return {
        "handle_outputs": plain(resolve(step.handle_outputs)) or None,
        "handle_inputs": plain(resolve(step.handle_inputs)) or None,
    }


def _tokens(total: int | None) -> Body | None:
    if total is None:
        return None
    written = total // 10
    return {"input": total - written, "output": written, "total": total}


def _cost(step: SampleStep) -> Body | None:
    if step.cost is None:
        return None
    half = step.cost / 2
    return {
        "input": half,
        "output": half,
        "total": step.cost,
        "tokens": _tokens(step.tokens),
        "model": step.model,
    }


def _cost_summary(steps: tuple[SampleStep, ...]) -> Body | None:
    total = sum(step.cost or 0 for step in steps)
    if not total:
        return None
    tokens = _tokens(sum(step.tokens or 0 for step in steps)) or {}
    return {
        "total": total,
        "input_cost": total / 2,
        "output_cost": total / 2,
        "total_tokens": tokens["total"],
        "prompt_tokens": tokens["input"],
        "completion_tokens": tokens["output"],
    }
