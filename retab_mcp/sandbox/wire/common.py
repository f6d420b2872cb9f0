"""Fields and words that several generations share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from retab_mcp.sandbox.records import Json, SampleFailure, SampleRun, SampleStep, resolve

Body: TypeAlias = dict[str, Any]

# The organisation that owns every sample.
ORGANIZATION = "org_sandbox01"

# Words that Retab replaced on 2026-05-20: the current one, then the older one.
OLDER_STATUS = {"awaiting_review": "waiting_for_human"}
OLDER_BLOCK_TYPE = {"start_document": "start"}
OLDER_OPERATION = {"review_trigger_evaluation": "hil_evaluation"}

PRIMITIVES = ("extraction", "split", "classification", "parse", "edit", "partition")
OPERATIONS = (
    *PRIMITIVES,
    "conditional_evaluation",
    "review_trigger_evaluation",
    "while_loop_termination",
    "api_call_invocation",
    "function_invocation",
)


def duration_ms(started_at: str | None, completed_at: str | None) -> int | None:
    """Return the milliseconds between two ISO times; None unless both are given."""
    if started_at is None or completed_at is None:
        return None
    elapsed = datetime.fromisoformat(completed_at) - datetime.fromisoformat(started_at)
    return round(elapsed.total_seconds() * 1000)


def error_details(failure: SampleFailure) -> Body | None:
    """Return the ErrorDetails of the generations from g2e on."""
    return dict(failure.details) if failure.details is not None else None


def older_error_details(failure: SampleFailure) -> Body | None:
    """Return the ErrorDetails until 2026-05-28, which had no message."""
    if failure.details is None:
        return None
    return {key: value for key, value in failure.details.items() if key != "message"}


def older_block_type(block_type: str) -> str:
    """Return the word for a block type until 2026-05-20."""
    return OLDER_BLOCK_TYPE.get(block_type, block_type)


def older_status(status: str) -> str:
    """Return the word for a status until 2026-05-20."""
    return OLDER_STATUS.get(status, status)


def loop_containers(step: SampleStep) -> list[Body]:
    """Return the loops a step is in, outermost first; the same shape in every generation."""
    return [
        {
            "container_id": loop.container_id,
            "iteration": loop.iteration,
            "is_parallel": loop.is_parallel,
            "parallel_item_index": loop.item_index,
        }
        for loop in step.loops
    ]


def snapshot_id(run: SampleRun) -> str:
    """Return the id of the config snapshot that runs named before versions (until 2026-05-12)."""
    return "snap_" + run.workflow_version_id.removeprefix("ver_")


def documents(run: SampleRun) -> dict[str, Json]:
    """Return the input documents of a run by block id."""
    return {block_id: dict(document) for block_id, document in run.documents.items()}


def plain(payload: Mapping[str, Json]) -> dict[str, Json]:
    """Return a mapping as a dict, so that it serialises."""
    return dict(payload)


def inputs(run: SampleRun) -> Body:
    """Return the inputs of a run, grouped as since 2026-05-10."""
    return {"documents": documents(run), "json_data": plain(resolve(run.json_data))}


def handles(step: SampleStep) -> Body:
    """Return the payloads of a step."""
    return {
        "handle_inputs": plain(resolve(step.handle_inputs)),
        "handle_outputs": plain(resolve(step.handle_outputs)),
    }


def workflow_ref(workflow_id: str, version_id: str, name: str) -> Body:
    """Return the workflow, its version and its name at that time."""
    return {
        "workflow_id": workflow_id,
        "version_id": version_id,
        "name_at_run_time": name,
        "requested_version": "production",
    }
