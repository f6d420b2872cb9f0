"""Long texts in few tokens: cut with the length of what is missing, told by kind, stack traces."""

import re
from typing import Any

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.digest.encode import tokens

Json = Any

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
    kept = 0
    left = room
    # Piece by piece: estimating the whole again and again would be slow for a large room.
    while kept < len(text):
        cost = tokens(text[kept : kept + _PIECE])
        if cost > left:
            break
        left -= cost
        kept += _PIECE
    low, high = min(kept, len(text)), min(len(text), kept + _PIECE)
    while low < high:
        middle = (low + high + 1) // 2
        if tokens(text[kept:middle]) <= left:
            low = middle
        else:
            high = middle - 1
    while low and tokens(text[:low]) > room:
        low -= low // 50 + 1
    return text[:low]


def longest_end(text: str, room: int) -> str:
    """Return the longest end of a text that takes at most `room` tokens in JSON."""
    # A text takes about as many tokens read backwards, so the beginning's search serves.
    kept = len(longest_start(text[: -len(text) - 1 : -1][: room * _WIDEST_TOKEN], room))
    while kept and tokens(text[-kept:]) > room:
        kept -= kept // 50 + 1
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


_PYTHON_FRAME = re.compile(
    r'^\s*File "(?P<file>[^"\n]+)", line (?P<line>\d+)(?:, in (?P<name>.+))?'
)
_JS_FRAME = re.compile(
    r"^\s*at (?:(?P<name>[^()\n]+?) \()?(?P<file>[^()\n]+?):(?P<line>\d+)(?::\d+)?\)?\s*$"
)
_NOT_OF_THE_USER = re.compile(
    r"site-packages|dist-packages|/lib/python\d|[\\/]Lib[\\/]|<frozen |node_modules|^node:"
    r"|^internal/|<anonymous>$|[\\/]runner[\\/]|[\\/]_?runner\.py$|asyncio[\\/]|importlib",
)
_CHAIN_LINES = (
    "During handling of the above exception",
    "The above exception was the direct cause",
)
_MOST_LINE_TOKENS = 120  # of an exception's message inside a trace


def stack_trace(text: str, limit: int = 5) -> Json:
    """Digest a stack trace of Python or JavaScript.

    Returns {"exception", "caused_by"?, "frames", "frames_left_out"?}: the exception's last line,
    the exceptions before it in a chain, and at most `limit` frames of the user's own code, the
    innermost last, as "file:line in function: code". A text that is no trace is returned as it is.
    """
    lines = text.splitlines()
    python = any(map(_PYTHON_FRAME.match, lines))
    frames: list[tuple[bool, str]] = []
    exceptions: list[str] = []
    in_frames = True
    for number, line in enumerate(lines):
        frame = (_PYTHON_FRAME if python else _JS_FRAME).match(line)
        if frame:
            code = _code_after(lines, number) if python else ""
            frames.append((not _NOT_OF_THE_USER.search(frame["file"]), _frame_line(frame, code)))
            in_frames = True
        elif line.startswith((" ", "\t", "Traceback", *_CHAIN_LINES)) or not line.strip():
            continue
        elif in_frames:
            exceptions.append(line)
            in_frames = False
        else:
            exceptions[-1] += f"\n{line}"
    if not frames or not exceptions:
        return text
    if not python:
        # JavaScript tells the innermost first, Python last.
        exceptions.reverse()
        frames.reverse()
    own = [shown for is_own, shown in frames if is_own] or [shown for _, shown in frames]
    result: dict[str, Json] = {"exception": clip(exceptions[-1], _MOST_LINE_TOKENS)}
    if len(exceptions) > 1:
        result["caused_by"] = [clip(each, _MOST_LINE_TOKENS) for each in exceptions[:-1]]
    result["frames"] = own[-limit:]
    if len(frames) > len(result["frames"]):
        result["frames_left_out"] = len(frames) - len(result["frames"])
    return result


def _frame_line(frame: re.Match[str], code: str) -> str:
    name = f" in {frame['name'].strip()}" if frame["name"] else ""
    return f"{frame['file']}:{frame['line']}{name}{f': {code}' if code else ''}"


def _code_after(lines: list[str], number: int) -> str:
    following = lines[number + 1] if number + 1 < len(lines) else ""
    is_code = following.startswith("    ") and not _PYTHON_FRAME.match(following)
    return clip(following.strip(), _MOST_LINE_TOKENS) if is_code else ""
