"""Where an extraction found its values; the same in every generation."""

from collections.abc import Mapping

from retab_mcp.sandbox.records import Json, SampleArtifact, resolve
from retab_mcp.sandbox.wire.common import Body


def sources(record: SampleArtifact) -> Body:
    """Return the body of GET /v1/extractions/{id}/sources."""
    data = resolve(record.data)
    file = dict(data.get("file") or {})
    output = data.get("output") or {}
    mime_type = str(file.get("mime_type") or "")
    return {
        "object": "extraction.sources",
        "extraction_id": record.id,
        "document_type": "image" if mime_type.startswith("image/") else "pdf",
        "file": file,
        "extraction": output,
        "sources": _tree(output, "", record.sources, file),
    }


def _tree(value: Json, pointer: str, given: Mapping[str, Json], file: Body) -> Json:
    if isinstance(value, dict) and value:
        return {key: _tree(each, f"{pointer}/{key}", given, file) for key, each in value.items()}
    if isinstance(value, list) and value:
        return [_tree(each, f"{pointer}/{at}", given, file) for at, each in enumerate(value)]
    if pointer in given:
        source = given[pointer]
        return {"value": value, "source": source and {**source, "file_id": file.get("id")}}
    if value in (None, "", [], {}):
        return {"value": value, "source": None}
    anchor = {"kind": "pdf_bbox", "page": 1, "left": 0.1, "top": 0.1, "width": 0.2, "height": 0.02}
    return {
        "value": value,
        "source": {"content": str(value), "file_id": file.get("id"), "anchor": anchor},
    }
