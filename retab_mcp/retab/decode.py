"""Decode the body of a response to JSON that is safe to read: cleaned and redacted, or sealed."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, TypedDict

import msgspec

from retab_mcp.models import ErrorKind, Json
from retab_mcp.retab import routes
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations import registry
from retab_mcp.retab.generations.generation import Generation, WireRecord
from retab_mcp.retab.routes import Route
from retab_mcp.safety.body_screen import is_harmless
from retab_mcp.safety.json_parser import Bytes, ParseError, is_text, parse
from retab_mcp.safety.nodes import cut_below
from retab_mcp.safety.sanitize import sanitize
from retab_mcp.safety.sealed import Sealed

# Fields of a step that are left as bytes until a question opens them.
SEALED_FIELDS = ("handle_inputs", "handle_outputs")

# Up to this size, a body without its payloads is parsed at once.
MAX_SUMMARY_BYTES = 2_000_000


# Levels of a body without its payloads: what is deeper cannot be written by every library.
MAX_LEVELS = 100
TOO_DEEP = f"[nested more than {MAX_LEVELS} levels deep]"

# Every field of a step that is read; the older names of each generation are added.
_STEP_FIELDS = (
    *("run_id", "step_id", "block_id", "block_type", "block_label", "status", "lifecycle"),
    *("error", "error_stage", "error_category", "error_details", "created_at", "started_at"),
    *("completed_at", "duration_ms", "retry_count", "iteration_context", "loop_containers"),
    *("loop_id", "iteration", "model", "artifact", "output", "cost", "tokens"),
)
_STEP_RECORDS: tuple[WireRecord, ...] = ("block", "record")
# Fields of a list that is not a bare array.
_LIST_FIELDS = ("list_metadata", "has_more", "runs", "content", "outputs")


class _Decoders(NamedTuple):
    """The decoders of a body and of its payloads alone."""

    body: msgspec.json.Decoder[Any]
    payloads: msgspec.json.Decoder[Any]


@cache
def _decoders(generations: tuple[Generation, ...]) -> dict[Route, _Decoders]:
    """Return the decoders of the bodies whose payloads are sealed.

    They leave out what is not read. The argument names the registry, which tests extend.
    """
    payloads = dict.fromkeys(SEALED_FIELDS, msgspec.Raw)
    known = {
        name
        for kind in _STEP_RECORDS
        for field in _STEP_FIELDS
        for name in registry.names(kind, field)
    }
    row = _typed({**dict.fromkeys(sorted(known), Any), **payloads})
    only_payloads = _typed(payloads)
    one = _Decoders(msgspec.json.Decoder(row), msgspec.json.Decoder(only_payloads))
    envelope = _typed({**dict.fromkeys(_LIST_FIELDS, Any), "data": list[row]})  # type: ignore[valid-type]
    payload_list = _typed({"data": list[only_payloads]})  # type: ignore[valid-type]
    several = _Decoders(
        msgspec.json.Decoder(list[row] | envelope),  # type: ignore[valid-type]
        msgspec.json.Decoder(list[only_payloads] | payload_list),  # type: ignore[valid-type]
    )
    return {
        routes.STEP: one,
        routes.RUN_STEP: one,
        routes.STEPS: several,
        routes.RUN_STEPS: several,
    }


def _typed(fields: dict[str, Any]) -> Any:
    return TypedDict("_Fields", fields, total=False)  # type: ignore[operator]


def read_body(route: Route, body: bytes | bytearray) -> Json:
    """Return a response of `route` as JSON, cleaned and redacted.

    The handles of steps are Sealed if the fast parser reads the body, else JSON like the rest.
    Raises RetabError: bad_response saying what is wrong with the body and where, too_large
    for more values than fit in memory. Outside of sealed handles, what is below MAX_LEVELS levels
    is cut.
    """
    found = _read(route, body)
    cut_below(found, MAX_LEVELS, TOO_DEEP)
    return found


def _read(route: Route, body: bytes | bytearray) -> Json:
    decoders = _decoders(registry.GENERATIONS).get(route)
    is_utf8 = is_text(body)
    harmless = is_utf8 and is_harmless(body)
    if decoders is not None and is_utf8:
        try:
            return _with_sealed(decoders, body, harmless=harmless)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            # Not in the documented form: read like any other body.
            pass
    return _read_whole(body, harmless=harmless)


def _read_whole(body: bytes | bytearray, *, harmless: bool) -> Json:
    value = decode(body)
    return value if harmless else sanitize(value).value


def decode(body: Bytes) -> Json:
    """Parse the JSON text `body`; see `parse`. Raises RetabError bad_response or too_large."""
    try:
        return parse(body)
    except ParseError as error:
        kind = ErrorKind.TOO_LARGE if error.too_large else ErrorKind.BAD_RESPONSE
        raise RetabError(kind, f"Retab's answer {error.reason}.") from None


def _with_sealed(decoders: _Decoders, body: bytes | bytearray, *, harmless: bool) -> Json:
    if len(body) > MAX_SUMMARY_BYTES:
        sealed = sum(_payload_bytes(row) for row in _rows_of(decoders.payloads.decode(body)))
        if len(body) - sealed > MAX_SUMMARY_BYTES:
            return _read_whole(body, harmless=harmless)
    found = decoders.body.decode(body)
    # Removed first, so that cleaning sees plain JSON only.
    taken = [_take_payloads(row, harmless=harmless) for row in _rows_of(found)]
    safe = found if harmless else sanitize(found).value
    for row, fields in zip(_rows_of(safe), taken, strict=True):
        row.update(fields)
    return safe


def _rows_of(body: Json) -> list[dict[str, Any]]:
    """Return the rows of a list, or the body itself as the only row."""
    if isinstance(body, list):
        return body
    rows = body.get("data")
    return rows if isinstance(rows, list) else [body]


def _payload_bytes(row: Mapping[str, msgspec.Raw]) -> int:
    return sum(memoryview(raw).nbytes for raw in row.values() if isinstance(raw, msgspec.Raw))


def _take_payloads(row: dict[str, Any], *, harmless: bool) -> dict[str, Sealed]:
    return {
        name: Sealed(row.pop(name), is_harmless=harmless) for name in SEALED_FIELDS if name in row
    }
