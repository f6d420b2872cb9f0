"""Read the inputs and outputs of a step by handle id."""

from collections.abc import Iterable, Sequence
from typing import Any

import re2  # type: ignore[import-untyped]

from retab_mcp.models import ErrorKind, Json, Step, StepPayload
from retab_mcp.models.step import LazyHandles
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import renames
from retab_mcp.retab.normalize.fields import mapping, renamed
from retab_mcp.safety.json_parser import ParseError
from retab_mcp.safety.sealed import Sealed

# Some documentation examples have these fields next to `type`, not under `document`.
_DOCUMENT_FIELDS = ("id", "filename", "mime_type")

_FILES = re2.compile(rb'"(?:document|file)"')

# Payloads of several steps are opened together up to this size.
OPENED_TOGETHER_BYTES = 500_000


class SealedHandles:
    """Handles that are still sealed; `open` returns them by id."""

    __slots__ = ("_opened", "_sealed")

    def __init__(self, sealed: Sealed) -> None:
        self._sealed = sealed
        self._opened: dict[str, Json] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there are no handles, or null."""
        return self._sealed.is_empty

    @property
    def size(self) -> int:
        """How many bytes of JSON they take."""
        return self._sealed.size

    @property
    def digest(self) -> bytes:
        """A short digest of their bytes: handles of equal digests are equal once opened."""
        return self._sealed.digest

    def passes_on(self, other: "SealedHandles") -> bool:
        """Return whether both have one handle, with the same data; see Sealed.passes_on."""
        return self._sealed.passes_on(other._sealed, "data")

    @classmethod
    def lacking(cls, batch: "list[SealedHandles]", pattern: Any) -> list[bool]:
        """Return for each whether it is certain that nothing in it matches; see Sealed.lacking."""
        # Fields of files may be renamed.
        return Sealed.lacking([one._sealed for one in batch], _FILES, pattern)

    @classmethod
    def open_all(cls, batch: "list[SealedHandles]") -> None:
        """Open several at once; each then has its value."""
        try:
            values = Sealed.open_all([one._sealed for one in batch])
        except ParseError:
            return
        for one, value in zip(batch, values, strict=True):
            one.keep(value)

    def keep(self, value: Json) -> None:
        """Keep the value that was opened elsewhere, cleaned and redacted."""
        self._opened = handles_from_wire(value)

    def open(self) -> dict[str, Json]:
        """Return the handles, cleaned and redacted. Raises RetabError where they are unreadable."""
        if self._opened is not None:
            return self._opened
        try:
            return handles_from_wire(self._sealed.open())
        except ParseError as error:
            kind = ErrorKind.TOO_LARGE if error.too_large else ErrorKind.BAD_RESPONSE
            raise RetabError(kind, f"A value in Retab's answer {error.reason}.") from None


def open_together(steps: Iterable[Step]) -> None:
    """Open the payloads of steps, many at once; what cannot be read stays sealed."""
    batch: list[SealedHandles] = []
    size = 0
    for step in steps:
        for handles in step.payload.sealed_handles:
            if isinstance(handles, SealedHandles):
                batch.append(handles)
                size += handles.size
        if size > OPENED_TOGETHER_BYTES:
            SealedHandles.open_all(batch)
            batch, size = [], 0
    SealedHandles.open_all(batch)


def lacking(handles: Sequence[LazyHandles], pattern: Any) -> list[bool]:
    """Return for each whether it is certain that nothing in it matches, opening none.

    `pattern` (RE2, of bytes) matches the JSON of every value with a match.
    """
    sealed = [one for one in handles if isinstance(one, SealedHandles)]
    known = iter(SealedHandles.lacking(sealed, pattern))
    return [isinstance(one, SealedHandles) and next(known) for one in handles]


def passes_on(payload: StepPayload) -> bool:
    """Return whether it is certain that the only output is the only input, opening neither."""
    inputs, outputs = payload.sealed_inputs, payload.sealed_outputs
    if not isinstance(inputs, SealedHandles) or not isinstance(outputs, SealedHandles):
        return False
    return inputs.passes_on(outputs)


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
