"""Take credentials out of a text: by their form, and by the name before them."""

from collections.abc import Iterator

from retab_mcp.safety.cards import card_spans
from retab_mcp.safety.commands import command_spans
from retab_mcp.safety.encoded import encoded_spans
from retab_mcp.safety.forms import form_spans
from retab_mcp.safety.html_tables import html_table_spans
from retab_mcp.safety.named import named_spans
from retab_mcp.safety.names import is_secret_key
from retab_mcp.safety.screen import is_suspicious
from retab_mcp.safety.tables import table_spans
from retab_mcp.safety.values import REDACTED, Span
from retab_mcp.safety.view import View

__all__ = ["REDACTED", "is_secret_key", "redact_text"]

# Hiding one credential can bring another one to light, as the name before it; seldom twice.
_MOST_PASSES = 4
# A longer text is read in parts, each with a margin: names are short, and so are most values.
_LONG = 128 * 1024
_PART = 32 * 1024
_MARGIN = 4 * 1024


def redact_text(text: str) -> tuple[str, int]:
    """Replace every credential in a text by "[redacted]"; return the text and how many went."""
    redacted = 0
    for _ in range(_MOST_PASSES):
        spans = secret_spans_in(text)
        if not spans:
            break
        text = _without(text, spans)
        redacted += len(spans)
    return text, redacted


def secret_spans_in(text: str) -> list[Span]:
    """Return the spans of a text that are credentials, in order, without overlap."""
    spans = sorted(_spans_of_windows(text) if len(text) > _LONG else _spans_of(text))
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif text[start:end] != REDACTED:
            merged.append((start, end))
    return [span for span in merged if text[slice(*span)] != REDACTED]


def _spans_of(text: str) -> list[Span]:
    view = View(text)
    found = [*_plain_spans(view), *encoded_spans(view.data, _holds_secret)]
    return [(view.source(start), view.source(end)) for start, end in found]


def _spans_of_windows(text: str) -> Iterator[Span]:
    """Yield the spans of a long text, of which only the suspicious parts are read."""
    done = 0
    for first_place, end in _windows(text):
        if end <= done:
            continue
        start = max(first_place, done - _MARGIN)
        spans = _spans_of(text[start:end])
        # What reaches near the end may go on behind it.
        while end < len(text) and any(last > end - start - _MARGIN for _, last in spans):
            end = min(len(text), end + (end - start))
            spans = _spans_of(text[start:end])
        done = end
        yield from ((start + first, start + last) for first, last in spans)


def _windows(text: str) -> Iterator[Span]:
    """Yield the parts of a text that are suspicious, with what is around them."""
    start = end = 0
    for place in range(0, len(text), _PART):
        part = text[place : place + _PART + _MARGIN]
        if not is_suspicious(part.encode("utf-8", "surrogatepass")):
            continue
        if start < end and place - _MARGIN <= end:
            end = min(len(text), place + _PART + _MARGIN)
            continue
        if start < end:
            yield start, end
        start, end = max(0, place - _MARGIN), min(len(text), place + _PART + _MARGIN)
    if start < end:
        yield start, end


def _plain_spans(view: View) -> Iterator[Span]:
    yield from form_spans(view)
    yield from named_spans(view)
    yield from table_spans(view)
    yield from html_table_spans(view)
    yield from command_spans(view.data)
    yield from card_spans(view.data)


def _holds_secret(decoded: str) -> bool:
    return next(_plain_spans(View(decoded)), None) is not None


def _without(text: str, spans: list[Span]) -> str:
    parts: list[str] = []
    done = 0
    for start, end in spans:
        parts += (text[done:start], REDACTED)
        done = end
    parts.append(text[done:])
    return "".join(parts)
