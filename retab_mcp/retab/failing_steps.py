"""Read the failing steps of many runs, newest first, by paging the flat list backwards."""

from dataclasses import dataclass

from retab_mcp.models import Status, Step
from retab_mcp.retab import routes
from retab_mcp.retab.client import Params
from retab_mcp.retab.normalize import rows_from_wire, step_from_wire
from retab_mcp.retab.normalize.fields import first_text, mapping
from retab_mcp.retab.paging import Get

# Each row contains its payloads; the API's maximum is 1,000.
FAILING_STEPS_PAGE_SIZE = 100


@dataclass(frozen=True)
class FailingSteps:
    """Failing steps by start time, oldest first; `previous` is the cursor of earlier ones."""

    steps: tuple[Step, ...]
    previous: str | None


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
    reply = await get(routes.STEPS, {}, params)
    rows = rows_from_wire(reply.json)
    body = mapping(reply.json)
    return FailingSteps(
        tuple(step_from_wire(row) for row in rows.items),
        first_text(mapping(body.get("list_metadata")), "before"),
    )
