"""Read a run of any generation."""

from collections.abc import Mapping

from retab_mcp.models import Json, Run, RunInputs, StepSummary
from retab_mcp.retab.generations.registry import detect_generation, names, renames
from retab_mcp.retab.normalize.fields import (
    fields_of,
    first_text,
    mapping,
    moment,
    number,
    record,
    renamed,
    texts,
    whole,
)
from retab_mcp.retab.normalize.handles import document_from_wire
from retab_mcp.retab.normalize.lifecycle import failure_of, reason_of, status_of
from retab_mcp.retab.normalize.wire_step import summary_from_wire


def run_from_wire(body: Json, *, run_id: str = "") -> Run:
    """Return a run from its own route or from a row of a list.

    `run_id` is used when the body has no id. Raises RetabError (bad_response) when the body is
    not an object.
    """
    row = record(body, "run")
    found_id = first_text(row, "id", "run_id") or run_id
    status = status_of(row)
    workflow = fields_of(row.get("workflow"))
    lifecycle = fields_of(row.get("lifecycle"))
    timing = renamed({**row, **fields_of(row.get("timing"))}, renames("timing"))
    costs = fields_of(row.get("cost_summary"))
    return Run(
        id=found_id,
        generation=detect_generation(row).name,
        status=status,
        workflow_id=first_text(row, "workflow_id") or first_text(workflow, "workflow_id"),
        workflow_name=first_text(row, "workflow_name") or first_text(workflow, "name_at_run_time"),
        workflow_version_id=first_text(row, *names("run", "workflow_version_id"))
        or first_text(workflow, *names("workflow", "version_id")),
        trigger=_trigger(row),
        created_at=moment(timing.get("created_at")),
        started_at=moment(timing.get("started_at")),
        completed_at=moment(timing.get("completed_at")),
        duration_ms=whole(timing.get("duration_ms")),
        review_waiting_since=moment(timing.get("review_waiting_started_at")),
        review_waiting_ms=whole(timing.get("accumulated_review_waiting_ms")),
        failure=failure_of(row, status),
        failing_step_id=first_text(lifecycle, "failing_step_id"),
        reason=reason_of(row, status),
        waiting_for_block_ids=texts(lifecycle.get("waiting_for_block_ids"))
        or _first_texts(row, names("run", "waiting_for_block_ids")),
        inputs=_inputs(row),
        metadata=mapping(row.get("metadata")),
        steps=_embedded_steps(row, found_id),
        final_outputs=row.get("final_outputs"),
        cost=number(costs.get("total")),
        tokens=whole(costs.get("total_tokens")),
    )


def _first_texts(row: Mapping[str, Json], fields: tuple[str, ...]) -> tuple[str, ...]:
    return next((found for name in fields if (found := texts(row.get(name)))), ())


def _trigger(row: Mapping[str, Json]) -> dict[str, Json]:
    trigger = mapping(row.get("trigger"))
    if trigger:
        return trigger
    kind = first_text(row, "trigger_type")
    email = first_text(row, "trigger_email")
    return {**({"type": kind} if kind else {}), **({"email": email} if email else {})}


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
