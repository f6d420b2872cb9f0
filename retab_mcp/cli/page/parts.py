"""The parts of a page, before they are laid out for a terminal or written as Markdown.

Texts may hold anything that a document holds: each renderer makes them inert.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Tone(StrEnum):
    """How a text is emphasised, where the output can show it."""

    PLAIN = "plain"
    STRONG = "strong"
    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    DIM = "dim"


@dataclass(frozen=True)
class Words:
    """A part of a sentence."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Code:
    """An id, a path, a value or a command, shown letter by letter."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Url:
    """An address to open. It comes from the person's own settings, never from a document."""

    text: str


Line: TypeAlias = tuple[Words | Code | Url, ...]


@dataclass(frozen=True)
class Heading:
    """A line that begins a page, or one of its sections."""

    line: Line


@dataclass(frozen=True)
class Fact:
    """A label and the lines that belong to it."""

    label: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Quote:
    """A text of several lines, such as an error message, under a label."""

    label: str
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Bar:
    """A step on the timeline: its name, its start and length in ms, and what to say of it.

    `start_ms` is None for a step that did not run.
    """

    name: str
    status: str
    start_ms: int | None
    length_ms: int | None
    note: str = ""


@dataclass(frozen=True)
class Timeline:
    """The steps of a run in the order in which they began; `total_ms` is the run's duration."""

    bars: Sequence[Bar]
    total_ms: int


Page: TypeAlias = list[Heading | Fact | Quote | Timeline]


def words(text: str, tone: Tone = Tone.PLAIN) -> Line:
    """Return a line of one text."""
    return (Words(text, tone),)


def code(text: str, tone: Tone = Tone.PLAIN) -> Line:
    """Return a line of one id, path or value."""
    return (Code(text, tone),)
