"""List the experiments of a workflow."""

from datetime import UTC, datetime

from retab_mcp.models import ErrorKind
from retab_mcp.models.experiment import Experiment
from retab_mcp.retab import routes
from retab_mcp.retab.client import Params, Reply
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import rows_from_wire
from retab_mcp.retab.normalize.wire_experiment_run import experiment_from_wire
from retab_mcp.retab.paging import Get

# The maximum of the API; the newest are first.
EXPERIMENTS_PAGE_SIZE = 100
_NEVER = datetime.min.replace(tzinfo=UTC)


async def experiments_of(get: Get, workflow_id: str, block_id: str = "") -> list[Experiment]:
    """Return the newest experiments of a workflow ("" for all its blocks), newest first.

    Raises RetabError, `unsupported` where the server has no experiments.
    """
    reply = await _reply(get, workflow_id, block_id)
    found = [experiment_from_wire(row) for row in rows_from_wire(reply.json).items]
    # A server that ignores a filter sends all.
    own = [
        one
        for one in found
        if one.workflow_id in (None, workflow_id) and block_id in ("", one.block_id)
    ]
    return sorted(own, key=lambda one: one.created_at or _NEVER, reverse=True)


async def _reply(get: Get, workflow_id: str, block_id: str) -> Reply:
    params: Params = {
        "workflow_id": workflow_id,
        "block_id": block_id or None,
        "limit": EXPERIMENTS_PAGE_SIZE,
    }
    try:
        return await get(routes.EXPERIMENTS, {}, params)
    except RetabError as error:
        # To an older server, "experiments" in the path is the id of a workflow.
        if not error.route_missing and error.kind != ErrorKind.NOT_FOUND:
            raise
    try:
        return await get(routes.EXPERIMENTS_NESTED, {"workflow_id": workflow_id})
    except RetabError as error:
        if not error.route_missing:
            raise
        raise RetabError(
            ErrorKind.UNSUPPORTED, "This Retab server has no route for experiments."
        ) from error
