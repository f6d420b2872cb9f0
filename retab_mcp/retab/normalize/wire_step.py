"""Read a step of any generation."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from retab_mcp.models import Json, LoopPosition, Status, Step, StepPayload, StepSummary
from retab_mcp.retab.generations import registry
from retab_mcp.retab.generations.generation import Generation
from retab_mcp.retab.normalize.fields import (
    fields_of,
    first_text,
    listing,
    moment,
    number,
    record,
    text,
    whole,
)
from retab_mcp.retab.normalize.handles import payload_handles
from retab_mcp.retab.normalize.lifecycle import (
    failure_of,
    reason_of,
    says_more_than_status,
    status_of,
)
from retab_mcp.retab.normalize.wire_artifact import artifact_ref_from_wire
from retab_mcp.retab.normalize.wire_list import rows_from_wire


@dataclass(frozen=True)
class StepList:
    """The steps of one page.

    `next_cursor` is None at the end, and when the API does not name it. `unread` counts items that
    are not objects. `found` is False when there was no list.
    """

    steps: tuple[Step, ...]
    next_cursor: str | None
    unread: int
    found: bool


def steps_from_wire(body: Json, *, run_id: str = "") -> StepList:
    """Return the steps of a list body; `run_id` is used for rows that do not name their run.

    Raises RetabError (bad_response) when the body is neither an object nor a list.
    """
    rows = rows_from_wire(body)
    steps = tuple(step_from_wire(row, run_id=run_id) for row in rows.items)
    return StepList(steps, rows.next_cursor, rows.unread, rows.found)


def step_from_wire(body: Json, *, run_id: str = "", step_id: str = "") -> Step:
    """Return a step; `run_id` and `step_id` are used when the body lacks them.

    The older route of a single step omits its id and times. Raises RetabError (bad_response) when
    the body is not an object.
    """
    row = record(body, "step")
    payload = StepPayload(
        handle_inputs=payload_handles(row.get("handle_inputs")),
        handle_outputs=payload_handles(row.get("handle_outputs")),
        output=row.get("output"),
    )
    summary = summary_from_wire(row, run_id=run_id, step_id=step_id)
    return Step.trusted({"summary": summary, "payload": payload})


def summary_from_wire(
    row: Mapping[str, Json], *, run_id: str = "", step_id: str = ""
) -> StepSummary:
    """Return a step without payloads, from any list, its own route or the run that embeds it."""
    get = row.get
    id_names, type_names, label_names = _block_names(registry.GENERATIONS)
    block_id = first_text(row, *id_names) or ""
    cost, tokens = get("cost"), get("tokens")
    status = status_of(row)
    says_more = says_more_than_status(row)
    return StepSummary.trusted(
        {
            "run_id": first_text(row, "run_id") or run_id,
            "step_id": first_text(row, "step_id") or step_id or block_id,
            "block_id": block_id,
            "type": first_text(row, *type_names),
            "label": first_text(row, *label_names),
            "status": status,
            "created_at": moment(get("created_at")),
            "started_at": moment(get("started_at")),
            "completed_at": moment(get("completed_at")),
            "duration_ms": whole(get("duration_ms")),
            "failure": failure_of(row, status) if says_more or status == Status.ERROR else None,
            "reason": reason_of(row, status) if says_more or status == Status.SKIPPED else None,
            "retry_count": whole(get("retry_count")) or 0,
            "loops": _loops(row),
            "model": first_text(row, "model"),
            "artifact": artifact_ref_from_wire(get("artifact"), get("output")),
            "cost": number(fields_of(cost).get("total") if isinstance(cost, dict) else cost),
            "tokens": whole(fields_of(tokens).get("total") if isinstance(tokens, dict) else tokens),
        }
    )


@cache
def _block_names(generations: tuple[Generation, ...]) -> list[tuple[str, ...]]:
    """Return the names that the id, type and label of a block have had.

    They are needed for every step of a run; the argument names the registry, which tests extend.
    """
    return [registry.names("block", field) for field in ("block_id", "block_type", "block_label")]


def _loops(row: Mapping[str, Json]) -> tuple[LoopPosition, ...]:
    get = row.get
    if not (get("loop_containers") or get("iteration_context") or get("loop_id")):
        return ()
    context = fields_of(row.get("iteration_context"))
    containers = listing(row.get("loop_containers")) or listing(context.get("containers"))
    loops = tuple(_position(item) for item in containers if isinstance(item, dict))
    loop_id = text(row.get("loop_id"))
    if loops or not loop_id:
        return loops
    return (LoopPosition(container_id=loop_id, iteration=whole(row.get("iteration"))),)


def _position(container: Mapping[str, Json]) -> LoopPosition:
    return LoopPosition(
        container_id=first_text(container, "container_id") or "",
        iteration=whole(container.get("iteration")),
        is_parallel=container.get("is_parallel") is True,
        item_index=whole(container.get("parallel_item_index")),
    )
