"""Find what follows the name of an authorization header outside of quotes."""

import re
from collections.abc import Iterator

from retab_mcp.safety.extents import line_extent
from retab_mcp.safety.name_patterns import HTTP_LINES
from retab_mcp.safety.names import Kind
from retab_mcp.safety.values import (
    Span,
    is_placeholder,
    is_sentence,
    looks_random,
    scheme_of,
    secret_spans,
)
from retab_mcp.safety.view import View


def authorization_spans(view: View, start: int, place: int) -> Iterator[Span]:
    """Yield what follows `Authorization:` without quotes: a scheme shows, its value does not."""
    line = line_extent(view.low, place)
    text = view.text[line.start : line.end]
    scheme = scheme_of(text)
    strict = is_header(view.low, start)
    if not scheme:
        word = text.split(" ")[0].split(",")[0] if text else ""
        if not strict and len(word) < len(text) and not looks_random(word, 12):
            return
        for a, b in secret_spans(Kind.AUTHORIZATION, word, strict=strict):
            yield line.start + a, line.start + b
        return
    rest = text[len(scheme) :]
    if is_placeholder(rest) or is_sentence(rest) or is_placeholder(rest.split()[0]):
        return
    if secret_spans(Kind.AUTHORIZATION, text, strict=strict):
        first = len(scheme)
        has_pairs = "=" in rest.rstrip("=") or "," in rest or ":" in rest
        length = len(rest) if has_pairs else len(rest.split()[0])
        yield line.start + first, line.start + first + length


def is_header(low: bytes, start: int) -> bool:
    """Return whether a name is that of a header of HTTP, of `curl`, or next to other headers."""
    before = low[max(0, start - 6) : start]
    if re.search(rb"-h ?\\*[\"']?\Z", before):
        return True
    around = low[max(0, start - 400) : start + 400]
    return bool(HTTP_LINES.search(around))
