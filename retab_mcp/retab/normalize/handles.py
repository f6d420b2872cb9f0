"""Read the inputs and outputs of a step by handle id."""

from retab_mcp.models import Json
from retab_mcp.retab.generations.registry import renames
from retab_mcp.retab.normalize.fields import mapping, renamed

# Some documentation examples have these fields next to `type`, not under `document`.
_DOCUMENT_FIELDS = ("id", "filename", "mime_type")


def handles_from_wire(value: Json) -> dict[str, Json]:
    """Return handles by id: {"type", "document"} or {"type", "data"}, with any other fields.

    A handle that is not an object is kept as it is. A map that is not an object reads as empty.
    """
    return {name: _handle(payload) for name, payload in mapping(value).items()}


def document_from_wire(value: Json) -> Json:
    """Return a document {"id", "filename", "mime_type"}; anything but an object is kept as is."""
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
