"""What went into a step and what came out of it, by handle id."""

from retab_mcp.models import Json
from retab_mcp.retab.generations.registry import renames
from retab_mcp.retab.normalize.fields import mapping, renamed

# Fields of a document that some examples give beside `type` instead of under `document`.
_DOCUMENT_FIELDS = ("id", "filename", "mime_type")


def handles_from_wire(value: Json) -> dict[str, Json]:
    """Return handles by id: {"type", "document"} or {"type", "data"} and what else was sent.

    A handle that is null stays null, one that is no object stays as it is. A map that is null
    or of another type reads as empty.
    """
    return {name: _handle(payload) for name, payload in mapping(value).items()}


def document_from_wire(value: Json) -> Json:
    """Return a document reference {"id", "filename", "mime_type"}; what is none stays as it is."""
    return renamed(mapping(value), renames("document")) if isinstance(value, dict) else value


def _handle(payload: Json) -> Json:
    if not isinstance(payload, dict):
        return payload
    handle = mapping(payload)
    if isinstance(handle.get("document"), dict):
        return {**handle, "document": document_from_wire(handle["document"])}
    if handle.get("type") != "file":
        return handle
    flat = {
        name: handle.pop(name)
        for name in (*_DOCUMENT_FIELDS, *renames("document"))
        if name in handle
    }
    return {**handle, "document": document_from_wire(flat)} if flat else handle
