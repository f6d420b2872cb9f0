"""Take credentials out of a text: by their form, and by the name before them."""

from collections.abc import Iterator

from retab_mcp.safety.cards import card_spans
from retab_mcp.safety.commands import command_spans
from retab_mcp.safety.encoded import encoded_spans
from retab_mcp.safety.forms import form_spans
from retab_mcp.safety.named import named_spans
from retab_mcp.safety.names import is_secret_key
from retab_mcp.safety.tables import table_spans
from retab_mcp.safety.values import REDACTED, Span
from retab_mcp.safety.view import View

__all__ = ["REDACTED", "is_secret_key", "redact_text"]

# Hiding one credential can bring another one to light, as the name before it; seldom twice.
_MOST_PASSES = 4


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
    view = View(text)
    found = [*_plain_spans(view), *encoded_spans(view.data, _holds_secret)]
    spans = sorted((view.source(start), view.source_end(end)) for start, end in found)
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif text[start:end] != REDACTED:
            merged.append((start, end))
    return [span for span in merged if text[slice(*span)] != REDACTED]


def _plain_spans(view: View) -> Iterator[Span]:
    yield from form_spans(view)
    yield from named_spans(view)
    yield from table_spans(view)
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
