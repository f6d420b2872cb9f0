"""Read where in the document an extraction found its values (every generation)."""

from collections.abc import Sequence
from dataclasses import dataclass

from retab_mcp.models import ErrorKind, Json
from retab_mcp.models.document_source import DocumentSource
from retab_mcp.retab import routes
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize.fields import record
from retab_mcp.retab.normalize.wire_source import source_from_wire
from retab_mcp.retab.paging import Get


@dataclass(frozen=True)
class ExtractionSources:
    """The sources of an extraction's values."""

    tree: Json

    def at(self, tokens: Sequence[str | int]) -> DocumentSource | None:
        """Return the source of the value at `tokens` of the output, None where it is unknown."""
        return source_from_wire(self.tree, tokens)


async def extraction_sources(get: Get, extraction_id: str) -> ExtractionSources:
    """Return the sources of an extraction.

    Raises RetabError, `unsupported` for an extraction that Retab has no sources of.
    """
    try:
        reply = await get(routes.EXTRACTION_SOURCES, {"artifact_id": extraction_id})
    except RetabError as error:
        # 422: the extraction has no output.
        if error.kind not in (ErrorKind.NOT_FOUND, ErrorKind.INVALID_ARGUMENT):
            raise
        message = "Retab has no sources of this extraction."
        raise RetabError(ErrorKind.UNSUPPORTED, message) from error
    return ExtractionSources(record(reply.json, "sources").get("sources"))
