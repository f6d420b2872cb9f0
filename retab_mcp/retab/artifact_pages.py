"""Read the artifacts of a run page by page."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from retab_mcp.models import Artifact, ArtifactRef, ErrorKind, Run
from retab_mcp.retab import routes
from retab_mcp.retab.client import Params
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import generation_of
from retab_mcp.retab.normalize import Rows, artifact_from_wire, rows_from_wire
from retab_mcp.retab.normalize.fields import first_text
from retab_mcp.retab.normalize.wire_artifact import artifact_ref_from_wire
from retab_mcp.retab.paging import Get, read_pages

# The API's maximum.
ARTIFACTS_PAGE_SIZE = 200

# The schema guarantees only these fields: a row with no others is a reference, not a record.
_OF_A_THIN_ROW = frozenset({"operation", "id", "run_id", "step_id", "created_at"})


@dataclass(frozen=True)
class ArtifactPage:
    """Some artifacts of a run, in the order of its steps.

    `thin` are those that the list only refers to. `unread` counts rows that could not be read,
    `may_be_incomplete` says that there may be more artifacts.
    """

    artifacts: tuple[Artifact, ...]
    thin: tuple[ArtifactRef, ...] = ()
    has_more: bool = False
    unread: int = 0
    may_be_incomplete: bool = False


async def artifact_pages(get: Get, run: Run) -> AsyncIterator[ArtifactPage]:
    """Yield the artifacts of a run (since 10 May 2026).

    Raises RetabError, `unsupported` where the server has no such list.
    """
    generation = generation_of(run)
    if not generation.artifact_list:
        raise _unsupported()

    async def fetch(limit: int, after: str | None) -> tuple[Rows, int]:
        params: Params = {"run_id": run.id}
        if generation.artifact_pages:
            params = {**params, "limit": limit, "after": after}
        reply = await get(routes.ARTIFACTS, {}, params)
        return rows_from_wire(reply.json), reply.size

    pages = read_pages(fetch, lambda row: first_text(row, "id"), limit=ARTIFACTS_PAGE_SIZE)
    try:
        async for page in pages:
            full = [row for row in page.items if not row.keys() <= _OF_A_THIN_ROW]
            thin = [row for row in page.items if row.keys() <= _OF_A_THIN_ROW]
            yield ArtifactPage(
                artifacts=tuple(artifact_from_wire(row, None, "") for row in full),
                thin=tuple(found for row in thin if (found := artifact_ref_from_wire(row))),
                has_more=page.has_more,
                unread=page.unread,
                may_be_incomplete=page.may_be_incomplete,
            )
    except RetabError as error:
        if error.route_missing:
            raise _unsupported() from error
        raise


def _unsupported() -> RetabError:
    return RetabError(
        ErrorKind.UNSUPPORTED, "This Retab server does not list the artifacts of a run."
    )
