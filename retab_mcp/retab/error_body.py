"""The text of an error body, in any of the forms that Retab has used.

The forms: `{"detail": "text"}`, `{"detail": {code, message, details}}`, FastAPI's
`{"detail": [{loc, msg, type}]}`, `{message, code, details}`, `{"error": "text" | {message}}`.
"""

import re
from collections.abc import Collection, Iterator

import pydantic_core

from retab_mcp.models import Json

# Enough to distinguish errors; the text is never shown.
MAX_DETAIL_CHARS = 1_000

# The fields that may hold the text, in order of preference.
_TEXT_KEYS = ("detail", "message", "msg", "error", "details", "code")

# The known forms are flat.
_MAX_DEPTH = 4

# A caller needs one or two of them.
MAX_RIGHTS = 5
_RIGHTS_FIELD = re.compile(
    r"(missing|required|needed|lacking)?_?(permission|scope|right|role)s?", re.IGNORECASE
)
_ABOUT_RIGHTS = re.compile(r"permission|scope|right|role", re.IGNORECASE)
_RIGHT = re.compile(r"[A-Za-z][\w-]{0,40}([.:/][\w*-]{1,40}){0,3}", re.ASCII)
# In a text, only what no host, path or sentence looks like.
_RIGHT_IN_TEXT = re.compile(
    r"(?<![\w:./@-])(?:[a-z][\w-]{0,40}(?::[a-z*][\w*-]{0,40}){1,3}"
    r"|[a-z]\w{0,40}\.(?:read|write|list|get|view|admin|manage))(?![\w:/@-])",
    re.ASCII,
)


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


def missing_rights(body: bytes | bytearray) -> list[str]:
    """Return the names of the rights that a 403 body says are missing, at most MAX_RIGHTS.

    They are in a field for them, or in a text about them. Anything that does not look like the
    name of a right is dropped.
    """
    content = _parse(body)
    named = [text for text in _of_rights(content, _MAX_DEPTH) if _RIGHT.fullmatch(text)]
    text = _text(content, _MAX_DEPTH) or ""
    if not named and _ABOUT_RIGHTS.search(text):
        named = _RIGHT_IN_TEXT.findall(text[:MAX_DETAIL_CHARS])
    return list(dict.fromkeys(named))[:MAX_RIGHTS]


def _of_rights(value: Json, depth: int) -> Iterator[str]:
    """Yield the texts in fields whose names say that they hold rights."""
    if depth == 0 or not isinstance(value, (dict, list)):
        return
    if isinstance(value, list):
        for item in value:
            yield from _of_rights(item, depth - 1)
        return
    for name, member in value.items():
        if _RIGHTS_FIELD.fullmatch(name):
            members = member if isinstance(member, list) else [member]
            yield from (item for item in members if isinstance(item, str))
        else:
            yield from _of_rights(member, depth - 1)


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
