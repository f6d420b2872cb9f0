"""Read the inputs and outputs of a step by handle id."""

from retab_mcp.models import ErrorKind, Json
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import renames
from retab_mcp.retab.normalize.fields import mapping, renamed
from retab_mcp.safety.parse import ParseError
from retab_mcp.safety.sealed import Sealed

# Some documentation examples have these fields next to `type`, not under `document`.
_DOCUMENT_FIELDS = ("id", "filename", "mime_type")


class SealedHandles:
    """Handles that are still sealed; `open` returns them by id."""

    __slots__ = ("_sealed",)

    def __init__(self, sealed: Sealed) -> None:
        self._sealed = sealed

    @property
    def is_empty(self) -> bool:
        """Whether there are no handles, or null."""
        return self._sealed.is_empty

    @property
    def size(self) -> int:
        """How many bytes of JSON they take."""
        return self._sealed.size

    def open(self) -> dict[str, Json]:
        """Return the handles, cleaned and redacted. Raises RetabError where they are unreadable."""
        try:
            return handles_from_wire(self._sealed.open())
        except ParseError as error:
            kind = ErrorKind.TOO_LARGE if error.too_large else ErrorKind.BAD_RESPONSE
            raise RetabError(kind, f"A value in Retab's answer {error.reason}.") from None


def payload_handles(value: Json) -> dict[str, Json] | SealedHandles:
    """Return the handles of a step, sealed where they came sealed."""
    return SealedHandles(value) if isinstance(value, Sealed) else handles_from_wire(value)


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
