"""Find where a document has the doubtful and missing values of an extraction."""

from collections.abc import Iterable

from retab_mcp.analysis.lineage.tracing.origin_line import source_line
from retab_mcp.digest.pointer import parse_path
from retab_mcp.models import Artifact, Json, Operation
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.optional_reads import Asked

MAX_PLACES = 8
_HEADS = (("output",), ("consensus", "likelihoods"), ("consensus", "choices"))
# The lists of a summary whose rows are doubtful.
_DOUBTFUL = ("required_missing", "type_mismatches", "low_likelihoods", "votes_disagree")


async def places_in_document(
    inspector: Inspector, artifact: Artifact, summary: Json, asked: Asked
) -> dict[str, str]:
    """Return page and text of the doubtful and missing fields that a summary lists, by path.

    Takes one request if the summary of an extraction lists any.
    """
    paths = list(dict.fromkeys(_doubtful_paths(summary)))[:MAX_PLACES]
    if artifact.operation != Operation.EXTRACTION or not paths:
        return {}
    reading = inspector.api.get_sources(artifact.id)
    sources = await asked.unless_unsupported("the places in the document", reading)
    if sources is None:
        return {}
    found = {path: sources.at(place_in_output(path)) for path in paths}
    lines = {path: source_line(source) for path, source in found.items() if source is not None}
    return {path: line for path, line in lines.items() if line}


def place_in_output(path: str) -> tuple[str | int, ...]:
    """Return the place in an extraction's output that a path in its record means."""
    parts = parse_path(path)
    head = next((head for head in _HEADS if parts[: len(head)] == head), ())
    return tuple(int(part) if part.isdigit() else part for part in parts[len(head) :])


def _doubtful_paths(summary: Json) -> Iterable[str]:
    for name in _DOUBTFUL:
        rows = summary.get(name) if isinstance(summary, dict) else None
        first = rows.get("first") if isinstance(rows, dict) else None
        for row in first if isinstance(first, list) else ():
            if isinstance(row, dict) and isinstance(row.get("path"), str):
                yield row["path"]
