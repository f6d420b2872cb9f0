"""Find credentials in tables that are written as text, by the name above their column."""

import re
from collections.abc import Iterator

from retab_mcp.safety.names import Kind, kind_of
from retab_mcp.safety.values import Span, secret_spans
from retab_mcp.safety.view import View

_LONGEST_HEADER = 2_000
_DELIMITERS = (b"|", b"\t", b";", b",", b"  ")
_CELLS = {
    delimiter: re.compile(rb'(?:"(?:[^"\n]|"")*"|[^"%s\n])*' % re.escape(delimiter))
    for delimiter in (b"|", b"\t", b";", b",")
}
_WIDE_CELLS = re.compile(rb"\S+(?: \S+)*")
_RULE = re.compile(rb"[\s|:+\-=]*")
_NAMES = re.compile(
    rb"pass|pw|secret|token|key|cookie|auth|cred|pin|otp|cvv|cvc|mdp|kennw|senha|contrase|\x01|code"
)

Row = list[tuple[int, int]]


def table_spans(view: View) -> Iterator[Span]:
    """Yield the spans of cells under the name of a credential, in Markdown, CSV and the like."""
    low = view.low
    if b"\n" not in low or not _NAMES.search(low):
        return
    start = 0
    while start < len(low):
        end = low.find(b"\n", start)
        end = len(low) if end < 0 else end
        if end - start < _LONGEST_HEADER and _NAMES.search(low, start, end):
            for delimiter in _DELIMITERS:
                header = _cells(low, start, end, delimiter)
                kinds = _kinds(view, header)
                if kinds:
                    after, spans = _rows(view, end, delimiter, len(header), kinds)
                    yield from spans
                    end = max(end, after)
                    break
        start = end + 1


def _cells(low: bytes, start: int, end: int, delimiter: bytes) -> Row:
    if delimiter == b"  ":
        return [match.span() for match in _WIDE_CELLS.finditer(low, start, end)]
    if low.find(delimiter, start, end) < 0:
        return []
    cells: Row = []
    place = start
    while place <= end:
        match = _CELLS[delimiter].match(low, place, end)
        stop = match.end() if match else end
        cells.append((place, stop))
        place = max(stop, place) + 1
    return cells


def _kinds(view: View, cells: Row) -> dict[int, Kind]:
    """Return the columns of a header that name a credential; none where it is no header."""
    if len(cells) < 2:
        return {}
    kinds: dict[int, Kind] = {}
    for number, (start, end) in enumerate(cells):
        text = view.text[start:end].strip().strip("\"'`*")
        if len(text) > 40 or "=" in text or ":" in text:
            return {}
        kind = kind_of(text)
        if kind is not None and kind is not Kind.WEAK:
            kinds[number] = kind
    return kinds


def _rows(
    view: View, end: int, delimiter: bytes, width: int, kinds: dict[int, Kind]
) -> tuple[int, list[Span]]:
    """Return where the rows below a header end, and what to hide in them."""
    low = view.low
    spans: list[Span] = []
    while end < len(low):
        start = end + 1
        stop = low.find(b"\n", start)
        stop = len(low) if stop < 0 else stop
        if not _RULE.fullmatch(low, start, stop):
            cells = _cells(low, start, stop, delimiter)
            if len(cells) != width:
                break
            for number, kind in kinds.items():
                first, last = cells[number]
                for a, b in secret_spans(kind, view.text[first:last].strip('"\t ')):
                    first += len(low[first:last]) - len(low[first:last].lstrip(b'"\t '))
                    spans.append((first + a, first + b))
                    break
        elif stop == start:
            break
        end = stop
    return end, spans
