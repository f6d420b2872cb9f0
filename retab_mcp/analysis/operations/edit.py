"""Edit: which form fields were filled."""

from collections.abc import Iterator

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.operation_reader import OperationReader
from retab_mcp.analysis.summary import RowList, SummaryDraft, present, short
from retab_mcp.analysis.values.artifact_fields import MAX_NAMED, document_name
from retab_mcp.analysis.values.json_types import as_dict, as_dicts
from retab_mcp.models import Artifact, FindingKind, Json, Operation

# Form fields that a summary lists, filled and empty ones each.
MAX_FIELDS = 25
FORM = "/output/form_data"


def _summarize(artifact: Artifact) -> SummaryDraft:
    """Return the filled fields (key, value, page), the empty ones, and the filled document by id.

    The document itself is left out: its URL is the whole file as base64, or signed.
    """
    data = artifact.data
    output = as_dict(data.get("output"))
    fields = as_dicts(output.get("form_data"))
    filled = [entry for entry in fields if _is_filled(entry.get("value"))]
    empty = [_name(entry) for entry in fields if not _is_filled(entry.get("value"))]
    reference = as_dict(data.get("filled_document_ref")) or as_dict(output.get("filled_document"))
    document = {
        key: reference[key] for key in ("id", "filename", "mime_type") if reference.get(key)
    }
    facts = present(
        document=document_name(artifact),
        model=data.get("model"),
        template_id=data.get("template_id"),
        fields={"filled": len(filled), "empty": len(empty)} if fields else None,
        filled=RowList([_row(entry) for entry in filled[:MAX_FIELDS]], len(filled), FORM),
        empty=RowList(empty[:MAX_FIELDS], len(empty), FORM),
        filled_document=document,
    )
    return SummaryDraft(facts)


def _find_empty_fields(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding for form fields that were left empty."""
    fields = as_dicts(as_dict(artifact.data.get("output")).get("form_data"))
    empty = [
        (number, entry) for number, entry in enumerate(fields) if not _is_filled(entry.get("value"))
    ]
    if empty:
        verb = "was" if len(empty) == 1 else "were"
        names = ", ".join(str(_name(entry) or "unnamed") for _, entry in empty[:MAX_NAMED])
        message = f"{len(empty)} of {len(fields)} form fields {verb} left empty: {names}"
        paths = tuple(f"{FORM}/{number}" for number, _ in empty[:MAX_NAMED])
        yield Finding(FindingKind.FIELDS_LEFT_EMPTY, message, "form_data", paths=paths)


def _is_filled(value: Json) -> bool:
    return value is not None and str(value).strip() != ""


def _name(entry: dict[str, Json]) -> Json:
    return entry.get("key") or short(entry.get("description"))


def _row(entry: dict[str, Json]) -> dict[str, Json]:
    page = as_dict(entry.get("bbox")).get("page")
    return {"key": _name(entry), "value": short(entry.get("value"))} | present(page=page)


READER = OperationReader(
    operation=Operation.EDIT, summarize=_summarize, findings=(_find_empty_fields,)
)
