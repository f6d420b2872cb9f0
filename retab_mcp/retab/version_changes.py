"""Read what changed between two versions of a workflow."""

from dataclasses import dataclass

from retab_mcp.models import ErrorKind
from retab_mcp.retab import routes
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize.fields import record, texts
from retab_mcp.retab.paging import Get


@dataclass(frozen=True)
class VersionChanges:
    """Ids of added, removed and changed blocks, and the number of edges that differ."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    edges: int


async def version_changes(
    get: Get, workflow_id: str, from_version_id: str, to_version_id: str
) -> VersionChanges:
    """Return what changed between two versions of a workflow (since 2 June 2026).

    Raises RetabError, `unsupported` when the server has no such route.
    """
    params = {
        "workflow_id": workflow_id,
        "from_workflow_version_id": from_version_id,
        "to_workflow_version_id": to_version_id,
    }
    try:
        reply = await get(routes.WORKFLOW_VERSIONS_DIFF, {}, params)
    except RetabError as error:
        if not error.route_missing:
            raise
        raise RetabError(
            ErrorKind.UNSUPPORTED, "This Retab server cannot compare versions of a workflow."
        ) from error
    body = record(reply.json, "difference of versions")
    return VersionChanges(
        added=texts(body.get("added_block_ids")),
        removed=texts(body.get("removed_block_ids")),
        changed=texts(body.get("changed_block_ids")),
        edges=sum(
            len(texts(body.get(f"{word}_edge_ids"))) for word in ("added", "removed", "changed")
        ),
    )
