"""Say in one line where a value came from."""

from retab_mcp.analysis.lineage.tracing.trace import Spot, Trace
from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.analysis.values.json_types import as_dicts
from retab_mcp.digest.compact import compact_json
from retab_mcp.digest.digest import digest
from retab_mcp.digest.text import clip
from retab_mcp.models import Json
from retab_mcp.models.document_source import DocumentSource
from retab_mcp.models.lineage import OriginKind

# Estimated tokens of a text from a document.
TEXT_BUDGET = 25


def origin_line(trace: Trace, run_id: str) -> str | None:
    """Return where a value came from: the step, the value there, and the evidence.

    None where nothing is known.
    """
    origin = trace.origin
    if origin.spot is None or origin.kind is OriginKind.UNKNOWN:
        places = [_place(_spot_of(one.path), one.step.step_id, run_id) for one in trace.competing]
        return f"{' or '.join(places)} (equally likely)" if len(places) > 1 else None
    place = _place(_names(origin.spot), origin.spot.step.step_id, run_id)
    said = f"{place} = {_short(origin.spot.value)}"
    if origin.kind is OriginKind.DOCUMENT:
        return f"{said}{_in_document(origin.facts)}"
    if origin.kind is OriginKind.REVIEW:
        before = f"; before {_short(trace.competing[0].value)}" if trace.competing else ""
        by = origin.facts.get("by") or "someone"
        return f"{said}, set in a review by {by}{before}"
    if origin.kind is OriginKind.CALLED_API:
        return f"{said}, answered by {origin.facts.get('url') or 'the called API'}"
    if origin.kind is OriginKind.COMPUTED:
        return f"{said}, {_made_of(origin.facts)}"
    words = {OriginKind.RUN_INPUT: "run input", OriginKind.CLASSIFICATION: "classified"}
    return f"{said}, {words[origin.kind]}"


def source_line(source: DocumentSource) -> str:
    """Return where a document has a value, or that it does not."""
    if not source.found:
        return "not found in the document"
    parts = [f"page {source.page}"] if source.page is not None else []
    parts += [f"{name} {value}" for name, value in source.place.items()]
    where = ", ".join(parts)
    text = f"'{clip(source.text, TEXT_BUDGET)}'" if source.text else ""
    return ": ".join(part for part in (where, text) if part)


def _in_document(facts: dict[str, Json]) -> str:
    if "why" in facts:
        return ", not found in the document"
    known = DocumentSource(
        page=facts.get("page"),
        text=facts.get("text"),
        place={key: facts[key] for key in ("sheet_name", "row", "column", "cell") if key in facts},
    )
    line = source_line(known)
    return f" ({line})" if line else ", from the document"


def _made_of(facts: dict[str, Json]) -> str:
    parts = [
        f"{_spot_of(one['path'])} = {_short(one['value'])}" for one in as_dicts(facts.get("from"))
    ]
    made = f"made there from {', '.join(parts)}" if parts else "made there"
    why = facts.get("why")
    return f"{made}: {why}" if why else made


def _place(field: str, step_id: str, run_id: str) -> str:
    return f"{short_step_id(step_id, run_id)} {field}"


def _names(spot: Spot) -> str:
    return "/".join(str(token) for token in spot.tokens[2:]) or str(spot.tokens[0])


def _spot_of(path: str) -> str:
    """Return the part of a path that is in the data of a handle."""
    parts = path.split("/")
    inner = parts[4:] if path.startswith("/handle_") else parts[1:]
    return "/".join(inner) or path


def _short(value: Json) -> str:
    return compact_json(digest(value, TEXT_BUDGET, derived=True).value)
