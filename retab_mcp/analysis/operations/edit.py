"""Edit: which form fields were filled."""

from retab_mcp.analysis.operations.extraction import filename
from retab_mcp.analysis.summary import Parts, Rows, as_dict, as_dicts, present, short
from retab_mcp.models import Json

# Form fields that a summary lists, of each kind.
MAX_FIELDS = 25
FORM = "/output/form_data"


def summarize(data: dict[str, Json]) -> Parts:
    """Return the fields filled (key, value, page) and left empty, and the filled document by id.

    The document itself is never part of it: its URL is the whole file as base64, or signed.
    """
    output = as_dict(data.get("output"))
    fields = as_dicts(output.get("form_data"))
    filled = [entry for entry in fields if _is_filled(entry.get("value"))]
    empty = [_name(entry) for entry in fields if not _is_filled(entry.get("value"))]
    reference = as_dict(data.get("filled_document_ref")) or as_dict(output.get("filled_document"))
    document = {
        key: reference[key] for key in ("id", "filename", "mime_type") if reference.get(key)
    }
    facts = present(
        document=filename(data),
        model=data.get("model"),
        template_id=data.get("template_id"),
        fields={"filled": len(filled), "empty": len(empty)} if fields else None,
        filled=Rows([_row(entry) for entry in filled[:MAX_FIELDS]], len(filled), FORM),
        empty=Rows(empty[:MAX_FIELDS], len(empty), FORM),
        filled_document=document,
    )
    return Parts(facts, untrusted_text=bool(fields))


def _is_filled(value: Json) -> bool:
    return value is not None and str(value).strip() != ""


def _name(entry: dict[str, Json]) -> Json:
    return entry.get("key") or short(entry.get("description"))


def _row(entry: dict[str, Json]) -> dict[str, Json]:
    page = as_dict(entry.get("bbox")).get("page")
    return {"key": _name(entry), "value": short(entry.get("value"))} | present(page=page)
