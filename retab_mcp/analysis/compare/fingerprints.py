"""Fingerprint payloads, to see if two runs had the same inputs and outputs."""

import hashlib
from collections.abc import Collection, Mapping

import pydantic_core

from retab_mcp.digest.hidden import hidden_in, holds_hidden
from retab_mcp.models import Json

# Bytes: enough that two different payloads never have the same fingerprint in practice.
_DIGEST_BYTES = 16

# Fields of a file handle that differ each time it is read.
_VOLATILE = ("download_url", "expires_at")


def comparable(handles: Mapping[str, Json], input_files: Collection[str]) -> dict[str, Json]:
    """Return handles without the parts that differ in each run.

    Ids of files are kept for `input_files` only: files made in a run get a new id each time.
    """
    return {name: _stable(handle, input_files) for name, handle in handles.items()}


def _stable(handle: Json, input_files: Collection[str]) -> Json:
    if not isinstance(handle, dict) or handle.get("document") is None:
        return handle
    stable = {name: value for name, value in handle.items() if name not in _VOLATILE}
    document = handle["document"]
    if isinstance(document, dict) and not _is_one_of(document.get("id"), input_files):
        stable["document"] = {name: value for name, value in document.items() if name != "id"}
    return stable


def _is_one_of(file_id: Json, input_files: Collection[str]) -> bool:
    """Return whether `file_id` is in `input_files`; in a payload it can be any JSON."""
    return isinstance(file_id, str) and file_id in input_files


def payload_json(value: Json) -> bytes:
    """Return the JSON text of a payload, followed by what cleaning removed from its texts.

    A payload nested too deep has a unique text.
    """
    try:
        text = pydantic_core.to_json(value)
    except (ValueError, RecursionError):
        # Differs from all others, so that the values themselves are compared.
        return repr(id(value)).encode()
    return text + repr(hidden_in(value)).encode() if holds_hidden(value) else text


def fingerprint(text: bytes) -> bytes:
    """Return a short digest that is equal for equal texts."""
    return hashlib.blake2b(text, digest_size=_DIGEST_BYTES).digest()
