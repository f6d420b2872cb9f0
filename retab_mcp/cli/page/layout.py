"""Lay a page out as rows of text with an indent, for a terminal or a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retab_mcp.cli.page.inert import printable
from retab_mcp.cli.page.parts import (
    Bar,
    Fact,
    Heading,
    Line,
    Page,
    Quote,
    Timeline,
    Tone,
    Words,
    words,
)
from retab_mcp.cli.page.statuses import TONES, sign_of
from retab_mcp.digest.spoken_times import spoken_ms

# The width of a page that is not shown on a terminal: its lines are not broken, and the bars of a
# timeline have this many characters.
PIPED_BAR = 40
_MARGIN = 2
# Labels longer than this are on a line of their own.
MAX_LABEL = 14
# A timeline is legible from this many characters on.
_SHORTEST_BAR = 10
_LONGEST_NAME = 28
_LONGEST_NOTE = 44

_FULL, _THIN = "█", "▏"


@dataclass(frozen=True)
class Row:
    """A row: `label` at the left margin, then the line from `indent` on.

    A row that is too long for the terminal is broken between words, unless it is `whole`.
    """

    indent: int
    line: Line
    label: str = ""
    whole: bool = False


def lay_out(page: Page, width: int | None) -> Iterator[Row]:
    """Yield the rows of a page for a terminal of `width` characters, None for a file or pipe."""
    labels = [part.label for part in page if isinstance(part, (Fact, Quote))]
    longest = max((len(label) for label in labels if len(label) <= MAX_LABEL), default=0)
    indent = longest + 2 * _MARGIN
    for number, part in enumerate(page):
        if isinstance(part, Heading):
            if number:
                yield Row(0, ())
            yield Row(0, part.line)
        elif isinstance(part, Timeline):
            yield from _timeline(part, width)
        else:
            yield from _labelled(part.label, _lines(part), indent)


def _lines(part: Fact | Quote) -> Sequence[Line]:
    if isinstance(part, Fact):
        return part.lines
    text = printable(part.text.strip(), lines=True)
    return [words(line.rstrip(), part.tone) for line in text.split("\n")]


def _labelled(label: str, lines: Sequence[Line], indent: int) -> Iterator[Row]:
    if len(label) > MAX_LABEL:
        yield Row(_MARGIN, words(label, Tone.STRONG))
        label = ""
    for line in lines:
        # What people copy stays on one line: a command, a path or an address alone.
        whole = len(line) == 1 and not isinstance(line[0], Words)
        yield Row(indent, line, label, whole)
        label = ""


def _timeline(part: Timeline, width: int | None) -> Iterator[Row]:
    names = [printable(bar.name) for bar in part.bars]
    longest = min(max(map(len, names), default=0), _LONGEST_NAME)
    if width is not None and width < 3 * _LONGEST_NAME:
        longest = min(longest, width // 3)
    notes = [_note(bar) for bar in part.bars]
    space = PIPED_BAR
    if width is not None:
        note = min(max(map(len, notes), default=0), _LONGEST_NOTE, width // 3)
        space = max(width - longest - note - 3 * _MARGIN, _SHORTEST_BAR)
    for bar, name, note_text in zip(part.bars, names, notes, strict=True):
        drawn = draw_bar(bar, part.total_ms, space)
        fitted = name if len(name) <= longest else name[: longest - 1] + "…"
        tone = TONES.get(bar.status, Tone.PLAIN)
        taken = longest + space + 3 * _MARGIN
        if width is not None and len(note_text) > width - taken:
            note_text = note_text[: max(width - taken - 1, 0)] + "…"
        yield Row(
            0,
            (
                Words(f"{sign_of(bar.status)} ", tone),
                Words(fitted.ljust(longest) + "  "),
                Words(drawn.ljust(space), tone),
                Words(f"  {note_text}", tone if tone in (Tone.BAD, Tone.DIM) else Tone.PLAIN),
            ),
            whole=True,
        )


def draw_bar(bar: Bar, total_ms: int, space: int) -> str:
    """Return the bar of a step, in `space` characters for the whole run."""
    if bar.start_ms is None:
        return ""
    scale = space / max(total_ms, 1)
    start = min(int(max(bar.start_ms, 0) * scale), space - 1)
    length = round((bar.length_ms or 0) * scale)
    return " " * start + (_FULL * min(length, space - start) or _THIN)


def _note(bar: Bar) -> str:
    took = spoken_ms(bar.length_ms) if bar.length_ms is not None else bar.status
    return printable(f"{took}  {bar.note}" if bar.note else took)
