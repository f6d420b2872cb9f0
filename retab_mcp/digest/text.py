"""Long texts in few tokens: cut with the length of what is missing, told by kind."""

import re

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.digest.encode import tokens

_LOOK_AT = 2000  # characters at the beginning by which a text is told
_FEWEST_BASE64 = 64  # shorter runs of letters and digits are ids and words
_WIDEST_TOKEN = 8  # characters; a text with more per token is runs of blanks
_PIECE = 400  # characters estimated at a time
_TOKENS_OF_CUT = 10  # of what stands in place of what is cut
_END_SHARE = 3  # one part in three of a cut text is its end: errors tend to stand there

_DATA_URL = re.compile(r"data:[\w.+-]+/[\w.+-]+[;,]", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/_\-\r\n]+={0,2}\s*")
_HTML = re.compile(r"<(?:!doctype html|html|head|body|div|table|p|span|h[1-6]|ul|ol)\b", re.I)


def longest_start(text: str, room: int) -> str:
    """Return the longest beginning of a text that takes at most `room` tokens in JSON."""
    kept = len(start_by_pieces(text, room))
    while kept and tokens(text[:kept]) > room:
        kept -= kept // 50 + 1
    return text[:kept]


def start_by_pieces(text: str, room: int) -> str:
    """Return a beginning whose pieces take about `room` tokens in JSON.

    As a whole it rarely takes more, and a little then: for who looks at the whole anyway.
    """
    kept, left, cost = 0, room, 0
    # Piece by piece: estimating the whole again and again would be slow for a large room.
    while kept < len(text):
        cost = tokens(text[kept : kept + _PIECE])
        if cost > left:
            break
        left -= cost
        kept += _PIECE
    if kept >= len(text):
        return text
    if kept:
        return text[: kept + _PIECE * left // cost]
    low, high = 0, min(len(text), _PIECE)
    while low < high:
        middle = (low + high + 1) // 2
        if tokens(text[:middle]) <= left:
            low = middle
        else:
            high = middle - 1
    return text[:low]


def end_by_pieces(text: str, room: int) -> str:
    """Return an end that takes about `room` tokens in JSON, like `start_by_pieces`."""
    # A text takes about as many tokens read backwards, so the beginning's search serves.
    kept = len(start_by_pieces(text[-room * _WIDEST_TOKEN :][::-1], room)) if room > 0 else 0
    return text[-kept:] if kept else ""


def clip(text: str, max_tokens: int) -> str:
    """Return the text, or its beginning and end with "… (+N characters) …" between them.

    The result is at most max_tokens long by estimate; at least 16 are needed for the cut.
    """
    if len(text) <= max_tokens * _WIDEST_TOKEN and estimate_tokens(text) <= max_tokens:
        return text
    kept = len(longest_start(text, max_tokens - _TOKENS_OF_CUT))
    while kept and estimate_tokens(_cut(text, kept)) > max_tokens:
        kept -= kept // 20 + 1
    return _cut(text, kept)


def _cut(text: str, kept: int) -> str:
    end = kept // _END_SHARE if kept > 60 else 0
    missing = f"… (+{len(text) - kept} characters)"
    if not end:
        return f"{text[:kept]}{missing}"
    return f"{text[: kept - end]}{missing} …{text[-end:]}"


def looks_like(text: str) -> str | None:
    """Tell what a text is by its beginning: data_url, json, html, xml, base64, or None."""
    start = text[:_LOOK_AT].lstrip()
    if _DATA_URL.match(start):
        return "data_url"
    if start[:1] in ("{", "[") and text.rstrip()[-1:] in ("}", "]"):
        return "json"
    if _HTML.match(start):
        return "html"
    if start.startswith("<?xml"):
        return "xml"
    if len(text) >= _FEWEST_BASE64 and _is_base64(start):
        return "base64"
    return None


def _is_base64(start: str) -> bool:
    if not _BASE64.fullmatch(start):
        return False
    return any(mark.isdigit() for mark in start) and any(mark.isupper() for mark in start)
