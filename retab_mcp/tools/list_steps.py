"""list_steps: the steps of a run."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from retab_mcp.tools.parameters import BlockFilter, Cursor, RunId, Statuses
from retab_mcp.tools.spec import ToolSpec, search_hint

STEP_ROWS, MAX_STEP_ROWS = 50, 200


@dataclass(frozen=True, kw_only=True)
class ListSteps:
    """Arguments of list_steps."""

    run_id: RunId
    status: Statuses = ""
    block_type: Annotated[
        str,
        Field(description="Block types, comma separated, such as extract,api_call. Default: all."),
    ] = ""
    block_id: BlockFilter = ""
    limit: Annotated[
        int,
        Field(
            description=f"Maximum rows (1-{MAX_STEP_ROWS}, default {STEP_ROWS}).",
            ge=1,
            le=MAX_STEP_ROWS,
        ),
    ] = STEP_ROWS
    cursor: Cursor = ""


TOOL = ToolSpec(
    name="list_steps",
    title="List the steps of a run",
    description="List all steps of a Retab run in the order in which they ran: which failed, were "
    "skipped, are slow or stuck, and what they cost in credits. A loop is one row with its counts "
    "and failing iterations; block_id of a loop lists its steps. Steps skipped for the same reason "
    "are one row with their `count`; a filter by their status lists each. Use it to find a step "
    "id. For why a run failed, use get_run; for one step's inputs and outputs, get_step.",
    meta=search_hint("Retab run: steps that ran, failed, skipped, slow"),
    arguments=ListSteps,
    answered_by="retab_mcp.answers.list_steps:list_steps",
)
