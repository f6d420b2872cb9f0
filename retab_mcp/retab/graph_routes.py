"""Read the graph that a run executed by any of the API's routes."""

from collections.abc import Mapping

from retab_mcp.models import ErrorKind, Graph, Json, Run
from retab_mcp.retab import routes
from retab_mcp.retab.client import Params
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import Rows, rows_from_wire
from retab_mcp.retab.normalize.fields import first_text
from retab_mcp.retab.normalize.wire_graph import blocks_from_wire, edges_from_wire, graph_from_wire
from retab_mcp.retab.paging import Get, read_pages
from retab_mcp.retab.routes import Route

# The API's maximum for lists of blocks and edges; few workflows need a second page.
GRAPH_PAGE_SIZE = 200


async def version_graph(get: Get, run: Run) -> Graph:
    """Return the version of the workflow that a run executed (since 2 June 2026).

    Raises RetabError, with `route_missing` when the run does not name its version.
    """
    workflow_id, version_id = run.workflow_id, run.workflow_version_id
    if not workflow_id or not version_id:
        raise _not_named()
    reply = await get(
        routes.WORKFLOW_VERSION, {"workflow_version_id": version_id}, {"workflow_id": workflow_id}
    )
    return graph_from_wire(reply.json, workflow_id=workflow_id, version_id=version_id)


async def run_config_graph(get: Get, run: Run) -> Graph:
    """Return the configuration that a run executed (until 21 May 2026). Raises RetabError."""
    reply = await get(routes.RUN_CONFIG, {"run_id": run.id})
    return graph_from_wire(
        reply.json, workflow_id=run.workflow_id, version_id=run.workflow_version_id
    )


async def live_graph(get: Get, run: Run) -> Graph:
    """Return the current blocks and edges of a run's workflow (since 21 May 2026).

    They may have changed since the run, so `version_id` is None. Raises RetabError.
    """
    if not run.workflow_id:
        raise _not_named()
    try:
        blocks = await _all_rows(get, routes.BLOCKS, run.workflow_id)
        edges = await _all_rows(get, routes.EDGES, run.workflow_id)
    except RetabError as error:
        # To an older server, "blocks" in the path is the id of a workflow that does not exist.
        error.route_missing = error.route_missing or error.kind == ErrorKind.NOT_FOUND
        raise
    return Graph(
        workflow_id=run.workflow_id, blocks=blocks_from_wire(blocks), edges=edges_from_wire(edges)
    )


async def entities_graph(get: Get, run: Run) -> Graph:
    """Return the current blocks and edges of a run's workflow (until 21 May 2026).

    They may have changed since the run, so `version_id` is None. Raises RetabError.
    """
    if not run.workflow_id:
        raise _not_named()
    reply = await get(routes.WORKFLOW_ENTITIES, {"workflow_id": run.workflow_id})
    graph = graph_from_wire(reply.json)
    return graph.model_copy(update={"workflow_id": run.workflow_id, "version_id": None})


async def _all_rows(get: Get, route: Route, workflow_id: str) -> list[Mapping[str, Json]]:
    async def fetch(limit: int, after: str | None) -> tuple[Rows, int]:
        params: Params = {"workflow_id": workflow_id, "limit": limit, "after": after}
        reply = await get(route, {}, params)
        return rows_from_wire(reply.json), reply.size

    found: list[Mapping[str, Json]] = []
    async for page in read_pages(fetch, lambda row: first_text(row, "id"), limit=GRAPH_PAGE_SIZE):
        found.extend(page.items)
    return found


def _not_named() -> RetabError:
    return RetabError(
        ErrorKind.UNSUPPORTED,
        "The run does not say which version of which workflow it executed.",
        route_missing=True,
    )
