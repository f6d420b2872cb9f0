"""Write a page to standard output: plain for a pipe or file, coloured and broken on a terminal."""

import os
import sys
from typing import TYPE_CHECKING

import click

from retab_mcp.cli.page.inert import printable
from retab_mcp.cli.page.layout import Row, lay_out
from retab_mcp.cli.page.parts import Page, Tone, Url

if TYPE_CHECKING:
    from rich.text import Text

_STYLES = {
    Tone.PLAIN: "",
    Tone.STRONG: "bold",
    Tone.GOOD: "green",
    Tone.BAD: "bold red",
    Tone.WARN: "yellow",
    Tone.DIM: "dim",
}
_LABEL = "cyan"
# What consoles of one-byte encodings get in place of these.
_ASCII = str.maketrans(
    {
        "✓": "+",
        "✗": "x",
        "■": "#",
        "▶": ">",
        "◷": "@",
        "○": "o",
        "–": "-",
        "█": "#",
        "▏": "|",
        "…": "...",
        "→": "->",
        "·": "-",
        "‹": "<",
        "›": ">",
        "ˋ": "'",
        "—": "-",
        "\u200b": "",
    }
)
_TO_ENCODE = "✓█"


def write_text(page: Page) -> None:
    """Write the page for a person: for the terminal's width, or unbroken into a pipe."""
    if sys.stdout.isatty():
        _write_to_terminal(page)
        return
    for row in lay_out(page, None):
        write_line(_plain(row))


def write_line(text: str) -> None:
    """Write one line in the encoding of standard output, with ASCII where it lacks a character."""
    click.echo(_encodable(text))


def _plain(row: Row) -> str:
    text = "".join(printable(part.text) for part in row.line)
    return (printable(row.label).ljust(row.indent) + text).rstrip()


def _encodable(text: str) -> str:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        _TO_ENCODE.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        text = text.translate(_ASCII)
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _write_to_terminal(page: Page) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(
        markup=False, highlight=False, emoji=False, no_color=bool(os.environ.get("NO_COLOR"))
    )
    for row in lay_out(page, console.width):
        label = Text().append(_encodable(printable(row.label)), style=_LABEL)
        line = Text()
        for part in row.line:
            tone = Tone.PLAIN if isinstance(part, Url) else part.tone
            line.append(_encodable(printable(part.text)), style=_STYLES[tone])
        for number, broken in enumerate(_broken(line, row, console.width)):
            start = label if not number else Text()
            start.pad_right(row.indent - start.cell_len)
            start.append_text(broken)
            start.rstrip()
            console.print(start, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True)


def _broken(line: "Text", row: Row, width: int) -> "list[Text]":
    from rich.console import Console

    if row.whole or not line:
        return [line]
    space = max(width - row.indent, 20)
    return list(line.wrap(Console(width=space), space))
