"""Read the failing steps of many runs, newest first, by paging the flat list backwards."""

from dataclasses import dataclass

from retab_mcp.models import Status, Step, StepSummary
from retab_mcp.retab import routes
from retab_mcp.retab.client import Params
from retab_mcp.retab.normalize import rows_from_wire, step_from_wire
from retab_mcp.retab.normalize.fields import first_text, mapping
from retab_mcp.retab.paging import Get

# Each row contains its payloads; the API's maximum is 1,000.
FAILING_STEPS_PAGE_SIZE = 100


@dataclass(frozen=True)
class FailingSteps:
    """Failing steps by start time, oldest first; `previous` is the cursor of earlier ones.

    `more` means that there are more in the direction of reading.
    """

    steps: tuple[Step, ...]
    previous: str | None
    more: bool = False


async def failing_steps_before(get: Get, workflow_id: str, step_id: str) -> FailingSteps:
    """Return up to 100 failing steps of a workflow ("" for all) that started before a step.

    Only for generations with `steps_by_workflow`. Raises RetabError.
    """
    params: Params = {
        "workflow_id": workflow_id or None,
        "status": [Status.ERROR],
        "before": step_id,
        "limit": FAILING_STEPS_PAGE_SIZE,
    }
    return await _page(get, params, "before")


async def failing_steps_near(
    get: Get, workflow_id: str, step: StepSummary, *, later: bool
) -> FailingSteps:
    """Return up to 100 failing steps of the block of `step` that started before or after it.

    Only for generations with `steps_by_workflow`. Raises RetabError.
    """
    direction = "after" if later else "before"
    params: Params = {
        "workflow_id": workflow_id or None,
        "block_id": step.block_id,
        "status": [Status.ERROR],
        direction: step.step_id,
        "limit": FAILING_STEPS_PAGE_SIZE,
    }
    return await _page(get, params, direction)


async def _page(get: Get, params: Params, direction: str) -> FailingSteps:
    reply = await get(routes.STEPS, {}, params)
    rows = rows_from_wire(reply.json)
    cursors = mapping(mapping(reply.json).get("list_metadata"))
    return FailingSteps(
        tuple(step_from_wire(row) for row in rows.items),
        first_text(cursors, "before"),
        more=first_text(cursors, direction) is not None,
    )
