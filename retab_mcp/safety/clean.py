"""Remove the characters of a text that nobody can see, and keep which ones and where."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

import re2  # type: ignore[import-untyped]

from retab_mcp.safety.chat_marks import mark_spans, may_hold_marks, split_marks

# Every character that may have to go, the joiners and selectors that some scripts need included.
# As a class of one regular expression: a search for it is linear and needs no alternatives.
_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\ufdd0-\ufdef\ud800-\udfff\ue000-\uf8ff\U0001bca0-\U0001bca3"
    "\U00013430-\U0001343f\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
)


def _latin() -> re2.Options:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return options


_PLANE_ENDS = "".join(chr(plane << 16 | end) for plane in range(15) for end in (0xFFFE, 0xFFFF))
_SUSPICIOUS = re.compile(f"[{_HIDDEN}{_PLANE_ENDS}]")
# The same for RE2, which knows no half code points.
HIDDEN_CHARACTER = f"[{_HIDDEN}{_PLANE_ENDS}]".replace("\ud800-\udfff", "")
_HIDDEN_BYTES = re2.compile(HIDDEN_CHARACTER.encode())
_HALVES = re2.compile(rb"\xed[\xa0-\xbf]", _latin())
_PLAIN_BYTES = bytes((9, 10, *range(32, 127)))

# Terminal sequences by the grammar of ECMA-48. Introduced by ESC only: the one-byte forms (0x9B
# and the like) are also what UTF-8 read as Latin-1 leaves behind, before text that must stay.
# A string sequence ends at its terminator within these characters, or only its ESC goes.
_LONGEST_STRING_SEQUENCE = 4096
_ESCAPE = re.compile(
    "\x1b\\[[0-?]{0,64}[ -/]{0,8}[@-~]|\x1b[()*+][0-9A-Z]|\x1b#[0-9]|\x1b%[@G]|\x1b [FG]|\x1b[78=>]"
)
_STRING_ESCAPE = re.compile("\x1b[\\]PX^_]")
_STRING_BODY = re.compile(f"[^\x07\x1b\x9c\n]{{0,{_LONGEST_STRING_SEQUENCE}}}")
_STRING_END = re.compile("\x07|\x1b\\\\")
# Scripts whose letters join: Arabic to Malayalam, South East Asian, Mongolian, and beyond the BMP.
_JOINING_SCRIPTS = ((0x0600, 0x0DFF), (0x0E00, 0x109F), (0x1780, 0x18AF), (0x10A00, 0x11FFF))

_JOINERS = "\u200c\u200d"
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180d\u180f]")
_TAG_BASE = "\U0001f3f4"
_TAGS = re.compile("[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,10}\U000e007f")
_REPLACED = "\ufffd"
# Removals remembered for a text: enough to tell texts apart, whatever a hostile one holds.
_KEPT_REMOVALS = 256
_BRAILLE_BLANK = "\u2800"
# Pictographs that are letters or punctuation by their category.
_PICTOGRAPHS = "\u203c\u2049\u2139\u3030\u303d"

Removed = tuple[tuple[int, int], ...]


class CleanedText(str):
    """A cleaned text that keeps what cleaning removed from it.

    `removed` has a pair for each of the first removed characters: its offset in the text as it
    was (in characters, from 0) and its code point. `hidden_characters` is how many were removed,
    split marks included. A slice or a changed text is a plain str again.
    """

    __slots__ = ("hidden_characters", "removed")
    removed: Removed
    hidden_characters: int

    def __new__(cls, text: str, removed: Removed, hidden_characters: int) -> "CleanedText":
        """Return `text` marked with what was removed from it."""
        new = super().__new__(cls, text)
        new.removed = removed
        new.hidden_characters = hidden_characters
        return new

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the marks when the text is copied or pickled."""
        return CleanedText, (str(self), self.removed, self.hidden_characters)


class Cleaned(NamedTuple):
    """What cleaning made of a text; see CleanedText."""

    text: str
    removed: Removed
    hidden_characters: int


def suspicious_spans(text: str) -> list[tuple[int, int]]:
    """Return spans of a text, in no order, outside of which cleaning changes nothing."""
    spans: list[tuple[int, int]] = []
    # For ASCII, deleting the plain bytes and looking at the rest is far faster than a search.
    data = text.encode("utf-8", "surrogatepass")
    is_ascii = len(data) == len(text)
    if data.translate(None, _PLAIN_BYTES) if is_ascii else _may_hold_hidden(data):
        spans += [match.span() for match in _SUSPICIOUS.finditer(text)]
    if may_hold_marks(data):
        spans += mark_spans(text)
    return spans


def _may_hold_hidden(data: bytes) -> bool:
    # Bytes of half code points are no UTF-8: they are looked for apart.
    return _HIDDEN_BYTES.search(data) is not None or _HALVES.search(data) is not None


def clean(text: str) -> Cleaned:
    """Return a text without invisible characters, and which were removed.

    Control characters but tab and newline, zero-width and direction marks, fillers, tags,
    private and unassigned code points go. Terminal sequences that begin with ESC go as a whole.
    Line ends become newlines, lone surrogates U+FFFD. A joiner stays where a script or emoji
    uses it, one variation selector after a character that has variants. Marks of chat templates
    are split by spaces. Cleaning twice changes nothing more.
    """
    if not suspicious_spans(text):
        return Cleaned(text, (), 0)
    parts: list[str] = []
    removed: list[tuple[int, int]] = []
    count = done = 0
    last = ""  # the last visible character that was kept
    for start, end, kept in _replacements(text):
        if start < done:
            continue
        if start > done:
            parts.append(text[done:start])
            last = text[start - 1]
        new = _needed_mark(text[start], last) if kept is None else kept
        if new != text[start:end] and text[start] != "\r":
            count += end - start
            if len(removed) < _KEPT_REMOVALS:
                removed += [(place, ord(text[place])) for place in range(start, end)]
        if new:
            parts.append(new)
            last = new[-1]
        done = end
    parts.append(text[done:])
    split = split_marks("".join(parts))
    return Cleaned(split.text, tuple(removed[:_KEPT_REMOVALS]), count + split.marks)


def clean_text(text: str) -> str:
    """Return a text without invisible characters; see clean.

    A text that changed by more than its line ends is a CleanedText.
    """
    cleaned = clean(text)
    return CleanedText(*cleaned) if cleaned.hidden_characters else cleaned.text


def removed_from(value: Any) -> Removed:
    """Return what cleaning removed from a value: (offset, code point) pairs, or none."""
    return value.removed if isinstance(value, CleanedText) else ()


def hidden_characters_in(value: Any) -> int:
    """Return how many characters cleaning removed from a value, split marks included."""
    return value.hidden_characters if isinstance(value, CleanedText) else 0


def hidden_names(value: Any) -> tuple[str, ...]:
    """Return the invisible characters that a value lost as `U+200B`, each once, in order."""
    codes = dict.fromkeys(code for _, code in removed_from(value) if not 32 <= code < 127)
    return tuple(f"U+{code:04X}" for code in codes)


def same_text(text: str, other: str) -> bool:
    """Return whether two texts are equal, and were before anything was removed from them."""
    return text == other and removed_from(text) == removed_from(other)


def _replacements(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Yield (start, end, kept) in order; kept is None where the character before decides."""
    string_sequences = _string_sequences(text)
    for match in _SUSPICIOUS.finditer(text):
        start, character = match.start(), match[0]
        end, kept = start + 1, ""
        if character == "\x1b":
            escape = _ESCAPE.match(text, start)
            end = string_sequences.get(start) or (escape.end() if escape else end)
        elif character == "\r":
            end, kept = end + text.startswith("\n", end), "\n"
        elif character in "\u2028\u2029":
            kept = "\n"
        elif "\ud800" <= character <= "\udfff":
            kept = _REPLACED
        elif (flag := _TAGS.match(text, start)) and text[start - 1 : start] == _TAG_BASE:
            end, kept = flag.end(), flag[0]
        elif character == _BRAILLE_BLANK or character in _JOINERS or _SELECTOR.match(character):
            yield start, end, None
            continue
        yield start, end, kept


def _string_sequences(text: str) -> dict[int, int]:
    """Map the start of each terminated string sequence (OSC and the like) to its end."""
    found: dict[int, int] = {}
    done = 0
    for match in _STRING_ESCAPE.finditer(text):
        if match.start() < done:
            continue
        body = _STRING_BODY.match(text, match.end())
        end = _STRING_END.match(text, body.end()) if body else None
        if end is not None:
            found[match.start()] = done = end.end()
    return found


def _needed_mark(mark: str, last: str) -> str:
    """Return a mark where it does something for the character before it, else nothing."""
    if not last or last.isspace():
        return ""
    code = ord(last)
    if mark == _BRAILLE_BLANK:
        needed = 0x2800 <= code <= 0x28FF
    elif mark in _JOINERS:
        # Between letters of other scripts a joiner only hides a word from a search.
        needed = unicodedata.category(last)[0] in "SM" or any(
            first <= code <= end for first, end in _JOINING_SCRIPTS
        )
    else:
        needed = _has_variants(last, mark)
    return mark if needed else ""


def _has_variants(base: str, selector: str) -> bool:
    """Return whether a selector after this character is one that Unicode defines."""
    code = ord(base)
    if "\u180b" <= selector <= "\u180f":
        return 0x1800 <= code <= 0x18AF
    if selector in "\ufe0e\ufe0f":
        # Digits, # and * form keycaps.
        is_symbol = code > 0x7F and unicodedata.category(base)[0] == "S"
        return is_symbol or base in "0123456789#*" or base in _PICTOGRAPHS
    name = unicodedata.name(base, "")
    if selector >= "\U000e0100":
        return name.startswith("CJK")
    is_mathematical = code > 0x7F and unicodedata.category(base) == "Sm"
    return is_mathematical or name.startswith(("CJK", "MYANMAR", "PHAGS-PA"))
