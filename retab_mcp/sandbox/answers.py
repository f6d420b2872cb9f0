"""Responses as bytes: records are serialised once, lists are joined from their bytes."""

import json
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from starlette.responses import Response

from retab_mcp.sandbox.query import Cursor
from retab_mcp.sandbox.records import Json

T = TypeVar("T")

_JSON = "application/json"


def to_bytes(body: Json) -> bytes:
    """Return JSON as the API writes it: compact, UTF-8, a lone surrogate as its escape."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def answer(body: Json, status: int = 200) -> Response:
    """Return an answer with one JSON value."""
    return Response(to_bytes(body), status, media_type=_JSON)


class Bodies:
    """Serialised records by key, so that a big payload is written once and served often."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._bytes: dict[Hashable, bytes] = {}

    def get(self, key: Hashable, build: Callable[[], Json]) -> bytes:
        """Return the bytes under `key`, calling `build` the first time."""
        if key not in self._bytes:
            self._bytes[key] = to_bytes(build())
        return self._bytes[key]


def record(body: bytes) -> Response:
    """Return an answer with one record."""
    return Response(body, media_type=_JSON)


def bare_list(rows: Sequence[bytes]) -> Response:
    """Return an answer with a bare array, as lists were until 2026-05-18."""
    return Response(b"[" + b",".join(rows) + b"]", media_type=_JSON)


def envelope(
    rows: Sequence[bytes], before: str | None = None, after: str | None = None
) -> Response:
    """Return an answer with {"data": […], "list_metadata": {"before", "after"}}."""
    metadata = to_bytes({"before": before, "after": after})
    body = b'{"data":[' + b",".join(rows) + b'],"list_metadata":' + metadata + b"}"
    return Response(body, media_type=_JSON)


def page(
    records: Sequence[T],
    id_of: Callable[[T], str],
    row_of: Callable[[T], bytes],
    cursor: Cursor,
    limit: int,
) -> Response:
    """Return the page of `records` that `cursor` and `limit` choose, with the cursors around it.

    A cursor is the id of the row at the edge; one that is not in the list is ignored, as
    the API does. `after` is null on the last page, `before` on the first.
    """
    ids = [id_of(entry) for entry in records]
    start = 0
    if cursor.after in ids:
        start = ids.index(cursor.after) + 1
    stop = start + limit
    if cursor.before in ids:
        stop = ids.index(cursor.before)
        start = max(0, stop - limit)
    chosen = records[start:stop]
    before = ids[start] if start > 0 and chosen else None
    after = ids[start + len(chosen) - 1] if chosen and stop < len(records) else None
    return envelope([row_of(entry) for entry in chosen], before, after)
