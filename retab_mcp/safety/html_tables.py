"""Find credentials in the cells of HTML tables, by the title of their column."""

from collections.abc import Iterator

import re2  # type: ignore[import-untyped]

from retab_mcp.safety.names import Kind, kind_of
from retab_mcp.safety.values import Span, secret_spans
from retab_mcp.safety.view import View

_LONGEST_TITLE = 60
_TAG = re2.compile(rb"<(/?)(table|tr|th|td)\b[^<>]{0,400}>")
_INNER_TAG = re2.compile(rb"<[^<>]{0,400}>")


def html_table_spans(view: View) -> Iterator[Span]:
    """Yield the spans of the `td` cells below a `th`, or below a first row, with such a name."""
    low = view.low
    if b"<tr" not in low:
        return
    kinds: dict[int, Kind] = {}
    column, is_header, had_header = -1, False, False
    tags = list(_TAG.finditer(low))
    for tag, following in zip(tags, [*tags[1:], None], strict=True):
        name = tag[2]
        if name == b"table":
            kinds, had_header = {}, False
        elif name == b"tr":
            column = -1
            had_header = had_header or is_header
            is_header = False
        elif not tag[1]:
            column += 1
            start, end = tag.end(), following.start() if following else len(low)
            if name == b"th" or not had_header:
                is_header = True
                if kind := _title_kind(view, start, end):
                    kinds[column] = kind
            elif column in kinds:
                yield from _in_cell(view, kinds[column], start, end)


def _title_kind(view: View, start: int, end: int) -> Kind | None:
    if end - start > _LONGEST_TITLE * 4:
        return None
    title = _INNER_TAG.sub(b" ", view.data[start:end]).decode().strip()
    if len(title) > _LONGEST_TITLE or any(map(str.isdigit, title)):
        return None
    kind = kind_of(title)
    return None if kind is Kind.WEAK else kind


def _in_cell(view: View, kind: Kind, start: int, end: int) -> Iterator[Span]:
    place = start
    for tag in _INNER_TAG.finditer(view.low[start:end]):
        yield from _in_text(view, kind, place, start + tag.start())
        place = start + tag.end()
    yield from _in_text(view, kind, place, end)


def _in_text(view: View, kind: Kind, start: int, end: int) -> Iterator[Span]:
    for first, last in secret_spans(kind, view.text[start:end]):
        yield start + first, start + last
