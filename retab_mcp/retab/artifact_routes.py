"""Read an artifact by any of the API's routes."""

from retab_mcp.models import Artifact, ErrorKind
from retab_mcp.retab import routes
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import artifact_from_wire
from retab_mcp.retab.operations import names_in_paths, operation_missing
from retab_mcp.retab.paging import Get
from retab_mcp.retab.routes import OPERATIONS, Route

# The operations whose artifacts have a route of their own.
PRIMITIVES: dict[str, Route] = {
    operation: found.route for operation, found in OPERATIONS.items() if found.route
}


async def artifact_by_id(get: Get, artifact_id: str, operation: str | None) -> Artifact:
    """Return an artifact by its id alone (since 21 May 2026).

    The server derives the operation from the id's prefix. When it does not know the prefix and
    `operation` has a route of its own, that route is used. Raises RetabError.
    """
    try:
        reply = await get(routes.ARTIFACT, {"artifact_id": artifact_id})
    except RetabError as error:
        unknown_prefix = error.kind == ErrorKind.NOT_FOUND and "prefix" in (error.detail or "")
        if not unknown_prefix or operation not in PRIMITIVES:
            raise
        return await primitive(get, artifact_id, operation)
    return artifact_from_wire(reply.json, operation, artifact_id)


async def artifact_by_operation(get: Get, artifact_id: str, operation: str | None) -> Artifact:
    """Return an artifact by operation and id (10 to 21 May 2026). Raises RetabError."""
    if operation is None:
        raise operation_missing()
    *earlier, last = names_in_paths(operation)
    for word in earlier:
        try:
            return await _artifact_of(get, word, artifact_id)
        except RetabError as error:
            if error.route_missing or error.kind not in (
                ErrorKind.NOT_FOUND,
                ErrorKind.INVALID_ARGUMENT,
            ):
                raise
    return await _artifact_of(get, last, artifact_id)


async def primitive(get: Get, artifact_id: str, operation: str | None) -> Artifact:
    """Return an artifact from the route of its operation.

    Raises RetabError, with `route_missing` for an operation without such a route.
    """
    if operation is None:
        raise operation_missing()
    route = PRIMITIVES.get(operation)
    if route is None:
        raise RetabError(
            ErrorKind.UNSUPPORTED,
            f"This Retab server has no route for artifacts of the operation {operation}.",
            route_missing=True,
        )
    reply = await get(route, {"artifact_id": artifact_id})
    return artifact_from_wire(reply.json, operation, artifact_id)


async def _artifact_of(get: Get, operation: str, artifact_id: str) -> Artifact:
    ids = {"operation": operation, "artifact_id": artifact_id}
    reply = await get(routes.ARTIFACT_BY_OPERATION, ids)
    return artifact_from_wire(reply.json, operation, artifact_id)
