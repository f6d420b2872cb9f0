"""List the workflows with their names."""

from collections.abc import Mapping

from retab_mcp.models import Json
from retab_mcp.retab import routes
from retab_mcp.retab.client import Params
from retab_mcp.retab.normalize import Rows, rows_from_wire
from retab_mcp.retab.normalize.fields import first_text, mapping
from retab_mcp.retab.paging import Get, read_pages

# The API's maximum.
WORKFLOWS_PAGE_SIZE = 100
# Pages read to find a workflow by its name.
MAX_WORKFLOW_PAGES = 5
MAX_WORKFLOWS_READ = WORKFLOWS_PAGE_SIZE * MAX_WORKFLOW_PAGES


async def workflow_name(get: Get, workflow_id: str) -> str | None:
    """Return the name of a workflow, None if the record has none. Raises RetabError."""
    reply = await get(routes.WORKFLOW, {"workflow_id": workflow_id})
    return first_text(mapping(reply.json), "name")


async def workflow_names(get: Get) -> dict[str, str]:
    """Return the names of the first 500 workflows by id, last edited first. Raises RetabError."""

    async def fetch(limit: int, after: str | None) -> tuple[Rows, int]:
        params: Params = {"limit": limit, "after": after}
        reply = await get(routes.WORKFLOWS, {}, params)
        return rows_from_wire(reply.json), reply.size

    found: dict[str, str] = {}
    pages = 0
    async for page in read_pages(fetch, _id_of, limit=WORKFLOWS_PAGE_SIZE):
        found |= {_id_of(row) or "": first_text(row, "name") or "" for row in page.items}
        pages += 1
        if pages == MAX_WORKFLOW_PAGES:
            break
    found.pop("", None)
    return found


def _id_of(row: Mapping[str, Json]) -> str | None:
    return first_text(row, "id")
