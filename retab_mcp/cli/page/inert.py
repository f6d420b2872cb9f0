"""Make text from documents inert: it commands no terminal, and no Markdown or chat reads it.

GitHub, Slack, Teams and Discord read Markdown differently, and Slack and Discord also read
mentions in angle brackets within code. So letters that any of them reads as markup are replaced by
letters that look alike, or are kept from their neighbours by a space of no width.
"""

import re
import unicodedata

# Controls, formatting such as text direction, surrogates, private use, and separators of lines.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_ZERO_WIDTH = "\u200b"

_LOOK_ALIKE = str.maketrans({"<": "\u2039", ">": "\u203a", "`": "\u02cb"})
# Read as a mention, a channel, an issue or a link where it begins a word.
_MENTION = re.compile(r"([@#!])(?=\w)")
_ADDRESS = re.compile(r":(?=//)|(?<=\bwww)\.|\b(?:mailto|xmpp|tel):", re.IGNORECASE)
_MARKUP = re.compile(r"[\\*\[\]~|]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])|\$(?=\S)")
# The beginning of a list, a heading or a line across, where the text begins a line.
_BLOCK = re.compile(r"^(\s*\d*)([-+#=.)])")
_EMOJI = re.compile(r"(?<!\d):(?=[a-z0-9_+-]+:)", re.IGNORECASE)


def printable(text: str, *, lines: bool = False) -> str:
    """Return the text without control characters and others that cannot be seen.

    Line ends and tabs become spaces; with `lines`, line ends are kept.
    """
    return "".join(_kept(letter, lines) for letter in text.replace("\r\n", "\n"))


def _kept(letter: str, lines: bool) -> str:
    if letter == "\n" and lines:
        return letter
    if letter in "\n\r\t":
        return " "
    category = unicodedata.category(letter)
    if category in ("Zl", "Zp"):
        return " "
    return letter if category not in _UNSEEN else ""


def inert_prose(text: str) -> str:
    """Return a sentence in which Markdown and chats find nothing to format, link or notify."""
    shown = printable(text).translate(_LOOK_ALIKE)
    shown = _MARKUP.sub(r"\\\g<0>", shown)
    shown = _BLOCK.sub(r"\1\\\2", shown)
    shown = _EMOJI.sub(":" + _ZERO_WIDTH, shown)
    shown = _ADDRESS.sub(lambda found: found[0] + _ZERO_WIDTH, shown)
    # An address of a person is a link in some chats, so @ is kept from both neighbours.
    shown = shown.replace("@", "@" + _ZERO_WIDTH)
    return _MENTION.sub(rf"\1{_ZERO_WIDTH}", shown)


def inert_code(text: str) -> str:
    """Return a text for a code span or block in which chats find nobody to notify."""
    shown = printable(text).translate(_LOOK_ALIKE)
    return _MENTION.sub(rf"\1{_ZERO_WIDTH}", shown)


def escaped_json(text: str) -> str:
    """Return JSON with the characters escaped that a terminal obeys or that cannot be seen."""
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(
        letter
        if (letter.isascii() and letter != "\x7f") or unicodedata.category(letter) not in _UNSEEN
        else "".join(f"\\u{unit:04x}" for unit in _utf16(letter))
        for letter in text
    )


def _utf16(letter: str) -> list[int]:
    data = letter.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[place : place + 2]) for place in range(0, len(data), 2)]
