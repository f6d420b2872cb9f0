"""A run, from every generation."""

from collections.abc import Mapping

from retab_mcp.models import Json, Run, RunInputs, StepSummary
from retab_mcp.retab.normalize.fields import (
    fields_of,
    first_text,
    mapping,
    moment,
    number,
    record,
    texts,
    whole,
)
from retab_mcp.retab.normalize.handles import document_from_wire
from retab_mcp.retab.normalize.lifecycle import failure_of, reason_of, status_of
from retab_mcp.retab.normalize.step import summary_from_wire

# Fields that only runs of the first generation have, which called a block a node.
_NODE_FIELDS = ("waiting_for_node_ids", "pending_node_outputs", "executed_node_ids")
_BLOCK_FIELDS = ("waiting_for_block_ids", "pending_block_outputs", "executed_block_ids")


def run_from_wire(body: Json, *, run_id: str = "") -> Run:
    """Return a run, from a get or a row of a list; `run_id` serves where the body lacks its id.

    Raises RetabError (bad_response) when the body is no object.
    """
    row = record(body, "run")
    found_id = first_text(row, "id", "run_id") or run_id
    status = status_of(row)
    workflow = fields_of(row.get("workflow"))
    lifecycle = fields_of(row.get("lifecycle"))
    timing = {**row, **fields_of(row.get("timing"))}
    costs = fields_of(row.get("cost_summary"))
    return Run(
        id=found_id,
        generation=generation_of_run(row),
        status=status,
        workflow_id=first_text(row, "workflow_id") or first_text(workflow, "workflow_id"),
        workflow_name=first_text(row, "workflow_name") or first_text(workflow, "name_at_run_time"),
        workflow_version_id=first_text(row, "workflow_version_id")
        or first_text(workflow, "version_id", "snapshot_id")
        or first_text(row, "config_snapshot_id"),
        trigger=_trigger(row),
        created_at=moment(timing.get("created_at")),
        started_at=moment(timing.get("started_at")),
        completed_at=moment(timing.get("completed_at")),
        duration_ms=whole(timing.get("duration_ms")),
        review_waiting_since=moment(_one_of(timing, "review", "waiting_started_at")),
        review_waiting_ms=_waiting_ms(timing),
        failure=failure_of(row, status),
        failing_step_id=first_text(lifecycle, "failing_step_id"),
        reason=reason_of(row, status),
        waiting_for_block_ids=texts(lifecycle.get("waiting_for_block_ids"))
        or texts(row.get("waiting_for_block_ids"))
        or texts(row.get("waiting_for_node_ids")),
        inputs=_inputs(row),
        metadata=mapping(row.get("metadata")),
        steps=_embedded_steps(row, found_id),
        final_outputs=row.get("final_outputs"),
        cost=number(costs.get("total")),
        tokens=whole(costs.get("total_tokens")),
    )


def generation_of_run(row: Mapping[str, Json]) -> str:
    """Return the generation whose shape a run has: g1, g2a, g2b, g2c, g2d, g2e or g3.

    By the table of generations (API contract, 1 and 2.1). g2c and the first days of g2d sent the
    same run, which reads as g2c.
    """
    lifecycle = fields_of(row.get("lifecycle"))
    workflow = fields_of(row.get("workflow"))
    if "kind" in lifecycle and "status" not in lifecycle:
        return "g2b"
    if workflow:
        in_flux = "name_at_run_time" not in workflow or "duration_ms" in fields_of(
            row.get("timing")
        )
        return "g2d" if in_flux else "g2c"
    if lifecycle or "workflow_version_id" in row:
        return "g3" if "metadata" in row else "g2e"
    return _flat_generation(row)


def _flat_generation(row: Mapping[str, Json]) -> str:
    if any(name in row for name in _NODE_FIELDS):
        return "g1"
    if any(name in row for name in _BLOCK_FIELDS):
        return "g2a"
    steps = row.get("steps")
    first = fields_of(steps[0]) if isinstance(steps, list) and steps else {}
    return "g2a" if "block_id" in first else "g1"


def _trigger(row: Mapping[str, Json]) -> dict[str, Json]:
    trigger = mapping(row.get("trigger"))
    if trigger:
        return trigger
    kind = first_text(row, "trigger_type")
    email = first_text(row, "trigger_email")
    return {**({"type": kind} if kind else {}), **({"email": email} if email else {})}


def _one_of(timing: Mapping[str, Json], newer: str, field: str) -> Json:
    # `human_waiting_*` became `review_waiting_*` on 20 May 2026.
    found = timing.get(f"{newer}_{field}")
    return timing.get(f"human_{field}") if found is None else found


def _waiting_ms(timing: Mapping[str, Json]) -> int | None:
    names = (
        "accumulated_review_waiting_ms",
        "accumulated_human_waiting_ms",
        "human_waiting_duration_ms",
    )
    return next((ms for name in names if (ms := whole(timing.get(name))) is not None), None)


def _inputs(row: Mapping[str, Json]) -> RunInputs:
    inputs = fields_of(row.get("inputs"))
    documents = mapping(inputs.get("documents")) or mapping(row.get("input_documents"))
    json_data = mapping(inputs.get("json_data")) or mapping(row.get("input_json_data"))
    return RunInputs(
        documents={name: document_from_wire(item) for name, item in documents.items()},
        # Text inputs existed until 3 March 2026.
        json_data={**mapping(row.get("input_text_data")), **json_data},
    )


def _embedded_steps(row: Mapping[str, Json], run_id: str) -> tuple[StepSummary, ...] | None:
    steps = row.get("steps")
    if not isinstance(steps, list):
        return None
    return tuple(summary_from_wire(step, run_id=run_id) for step in steps if isinstance(step, dict))
