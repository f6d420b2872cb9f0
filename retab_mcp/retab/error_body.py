"""The text of an error body, in any of the forms that Retab has used.

The forms: `{"detail": "text"}`, `{"detail": {code, message, details}}`, FastAPI's
`{"detail": [{loc, msg, type}]}`, `{message, code, details}`, `{"error": "text" | {message}}`.
"""

from collections.abc import Collection, Iterator

import pydantic_core

from retab_mcp.models import Json

# Enough to distinguish errors; the text is never shown.
MAX_DETAIL_CHARS = 1_000

# The fields that may hold the text, in order of preference.
_TEXT_KEYS = ("detail", "message", "msg", "error", "details", "code")

# The known forms are flat.
_MAX_DEPTH = 4


def read_detail(body: bytes | bytearray) -> str | None:
    """Return the text of an error body, at most 1,000 characters; None without any.

    Each entry of the list that FastAPI sends with a 422 becomes `loc: msg`.
    """
    text = _text(_parse(body), _MAX_DEPTH)
    return text[:MAX_DETAIL_CHARS] if text else None


def refused_names(body: bytes | bytearray, sent: Collection[str]) -> list[str]:
    """Return those of the names `sent` that a 422 body rejects, each once, in its order."""
    found = [name for loc in _locations(_parse(body)) for name in loc if name in sent]
    return list(dict.fromkeys(found))


def _parse(body: bytes | bytearray) -> Json:
    try:
        return pydantic_core.from_json(body)
    except ValueError:
        return None


def _text(value: Json, depth: int) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    if depth == 0:
        return None
    if isinstance(value, list):
        return "; ".join(filter(None, (_entry(item, depth - 1) for item in value))) or None
    if isinstance(value, dict):
        texts = (_text(value.get(key), depth - 1) for key in _TEXT_KEYS)
        return next(filter(None, texts), None)
    return None


def _entry(value: Json, depth: int) -> str | None:
    text = _text(value, depth)
    if text is None or not isinstance(value, dict) or not isinstance(value.get("loc"), list):
        return text
    return f"{'.'.join(str(part) for part in value['loc'])}: {text}"


def _locations(body: Json) -> Iterator[list[str]]:
    entries = body.get("detail") if isinstance(body, dict) else None
    for entry in entries if isinstance(entries, list) else []:
        loc = entry.get("loc") if isinstance(entry, dict) else None
        if isinstance(loc, list):
            yield [part for part in loc if isinstance(part, str)]
