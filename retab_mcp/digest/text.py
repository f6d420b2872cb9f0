"""Cut long texts to a budget of tokens, and recognise their kind."""

import re

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.digest.compact import json_tokens

_SAMPLED = 2000  # characters at the start from which a kind is recognised
_MIN_BASE64 = 64  # characters; shorter runs of letters and digits are ids and words
_MAX_TOKEN_LENGTH = 8  # characters; only long runs of blanks have more per token
_PIECE = 400  # characters that are estimated at once
_CUT_TOKENS = 10  # of "… (+N characters) …"
_END_PART = 3  # a third of a cut text is its end, where errors usually are

_DATA_URL = re.compile(r"data:[\w.+-]+/[\w.+-]+[;,]", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/_\-\r\n]+={0,2}\s*")
_HTML = re.compile(r"<(?:!doctype html|html|head|body|div|table|p|span|h[1-6]|ul|ol)\b", re.I)


def longest_start(text: str, budget: int) -> str:
    """Return about the longest start of a text that takes at most `budget` tokens in JSON."""
    kept = len(start_by_pieces(text, budget))
    while kept and json_tokens(text[:kept]) > budget:
        kept -= kept // 50 + 1
    return text[:kept]


def start_by_pieces(text: str, budget: int) -> str:
    """Return a start of a text whose pieces take about `budget` tokens in JSON.

    Estimated as a whole it may take slightly more; callers that need a firm limit check that.
    """
    kept, left, cost = 0, budget, 0
    # Estimating ever longer starts as a whole would be slow for a large budget.
    while kept < len(text):
        cost = json_tokens(text[kept : kept + _PIECE])
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
        if json_tokens(text[:middle]) <= left:
            low = middle
        else:
            high = middle - 1
    return text[:low]


def end_by_pieces(text: str, budget: int) -> str:
    """Return an end of a text that takes about `budget` tokens in JSON, by `start_by_pieces`."""
    if budget <= 0:
        return ""
    # A reversed text takes about as many tokens.
    kept = len(start_by_pieces(text[-budget * _MAX_TOKEN_LENGTH :][::-1], budget))
    return text[-kept:] if kept else ""


def clip(text: str, max_tokens: int) -> str:
    """Return the text, or its start and end with "… (+N characters) …" between them.

    The result takes at most `max_tokens` by estimate, which must be 16 or more.
    """
    if len(text) <= max_tokens * _MAX_TOKEN_LENGTH and estimate_tokens(text) <= max_tokens:
        return text
    kept = len(longest_start(text, max_tokens - _CUT_TOKENS))
    while kept and estimate_tokens(_cut(text, kept)) > max_tokens:
        kept -= kept // 20 + 1
    return _cut(text, kept)


def _cut(text: str, kept: int) -> str:
    end = kept // _END_PART if kept > 60 else 0
    missing = f"… (+{len(text) - kept} characters)"
    if not end:
        return f"{text[:kept]}{missing}"
    return f"{text[: kept - end]}{missing} …{text[-end:]}"


def looks_like(text: str) -> str | None:
    """Return the kind of a text: data_url, json, html, xml or base64; None for plain text."""
    start = text[:_SAMPLED].lstrip()
    if _DATA_URL.match(start):
        return "data_url"
    if start[:1] in ("{", "[") and text.rstrip()[-1:] in ("}", "]"):
        return "json"
    if _HTML.match(start):
        return "html"
    if start.startswith("<?xml"):
        return "xml"
    if len(text) >= _MIN_BASE64 and _is_base64(start):
        return "base64"
    return None


def _is_base64(start: str) -> bool:
    if not _BASE64.fullmatch(start):
        return False
    return any(mark.isdigit() for mark in start) and any(mark.isupper() for mark in start)
