"""Takes credentials out of a text: by their form, and by the name that stands before them."""

import re

from retab_mcp.safety.redact_forms import REDACTED, Replace, forms_in
from retab_mcp.safety.redact_keys import is_secret_key
from retab_mcp.safety.redact_named import lowered, named_spans, redact_named

__all__ = ["REDACTED", "is_secret_key", "redact_text", "suspects"]


def redact_text(text: str) -> tuple[str, int]:
    """Replace every credential in a text by "[redacted]"; return the text and how many went.

    By form: keys of Retab and of the clouds, bearer and basic values, JWTs, private key blocks,
    signatures of signed URLs, passwords in URLs. By name: `password=…`, `"api_key": "…"`,
    `Cookie: …`, also inside a longer text. Doing it twice changes nothing more.
    """
    redacted = 0
    while True:
        text, count = _redact_once(text)
        if not count:
            return text, redacted
        redacted += count


def _redact_once(text: str) -> tuple[str, int]:
    count = 0
    for form in list(forms_in(text, lowered(text))):

        def counted(match: re.Match[str], replace: Replace = form.replace) -> str:
            nonlocal count
            replacement = replace(match)
            count += replacement != match[0]
            return replacement

        text = form.pattern.sub(counted, text)
    text, named = redact_named(text, lowered(text))
    return text, count + named


def suspects(joined: str) -> list[tuple[int, int]]:
    """Return spans of a text outside of which redact_text would change nothing.

    For many strings joined by newlines: one search of the whole is far faster than many of parts.
    """
    lower = lowered(joined)
    spans = named_spans(lower)
    for form in forms_in(joined, lower):
        spans += [match.span() for match in form.pattern.finditer(joined)]
    return spans
