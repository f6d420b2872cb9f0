r"""See through the escapes and look-alike letters of a text, with the way back to its places.

Rules read a view of a text: `\u003d`, `%3D`, `&quot;` and `\n` decoded, look-alike letters as
ASCII. What they find there is mapped back to the text itself.
"""

import unicodedata
from bisect import bisect_right

import re2  # type: ignore[import-untyped]

# Stand for a letter, and for any other character, without an ASCII counterpart.
UNKNOWN_LETTER = "\x01"
_UNKNOWN = "\x02"

_LOOKALIKES = dict(
    zip(
        "авеёзіїйкмнопрстухѕһԁԛԝϲαβεικνορτυχωɑɡɩʏօսցոıłøđßæœ“”„«»‘’‚‹›–—‐‑‒−→⇒➜∶꞉…·•",
        "abeeziiikmhonpctyxshdqwcabeikvoptuxwagiyougnilodsao\"\"\"\"\"'''''------:::::...",
        strict=True,
    )
)
_LOOKALIKES |= dict.fromkeys("「」『』﹁﹂", '"')
_ESCAPES = re2.compile(
    rb"\\+(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|U[0-9a-fA-F]{8}|u\{[0-9a-fA-F]{1,6}\}|[nrt/])"
    rb"|%(?:25)*[0-9a-fA-F]{2}|&(?:amp;)*(?:quot|apos|amp|lt|gt|nbsp|equals|colon"
    rb"|#[0-9]{1,4}|#[xX][0-9a-fA-F]{1,4});"
)
_HINTS = ("\\", "%", "&")
_ENTITIES = {
    b"quot": '"',
    b"apos": "'",
    b"amp": "&",
    b"lt": "<",
    b"gt": ">",
    b"nbsp": " ",
    b"equals": "=",
    b"colon": ":",
}
_CONTROLS = {b"n": "\n", b"r": "\n", b"t": "\t", b"/": "/"}


class _Folds(dict[int, str]):
    """Map any character to one ASCII character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character.isascii():
        return character
    if character in _LOOKALIKES:
        return _LOOKALIKES[character]
    if character.lower() in _LOOKALIKES:
        return _LOOKALIKES[character.lower()].upper()
    base = unicodedata.normalize("NFKD", character)[:1]
    if base.isascii() and base:
        return base
    if base in _LOOKALIKES:
        return _LOOKALIKES[base]
    if character.isspace():
        return " "
    return UNKNOWN_LETTER if character.isalnum() else _UNKNOWN


_FOLDS = _Folds()


def lookalike(character: str) -> str:
    """Return the ASCII character that a letter of another script, or a mark, looks like.

    The character itself where there is none, and for Latin letters, whose marks can be seen.
    """
    if character.isascii() or unicodedata.name(character, "LATIN").startswith("LATIN"):
        return character
    if character in _LOOKALIKES:
        return _LOOKALIKES[character]
    small = character.lower()
    return _LOOKALIKES[small].upper() if small in _LOOKALIKES else character


def fold(text: str) -> str:
    """Return a text in ASCII, every character at its place: é as e, Cyrillic а as a."""
    return text if text.isascii() else text.translate(_FOLDS)


class View:
    """A decoded text, and where each part of it is in the text it was made from."""

    def __init__(self, text: str) -> None:
        # Where each stretch begins, in the view and in the source.
        self._starts = [0]
        self._sources = [0]
        self.text = self._decode(text)
        self.folded = fold(self.text)
        self.data = self.folded.encode("ascii")
        self.low = self.data.lower()

    def source(self, place: int) -> int:
        """Return where in the source a place of the view is."""
        stretch = bisect_right(self._starts, place) - 1
        return self._sources[stretch] + place - self._starts[stretch]

    def _decode(self, text: str) -> str:
        if not any(hint in text for hint in _HINTS):
            return text
        parts: list[str] = []
        done = length = 0
        for match in _ESCAPES.finditer(fold(text).encode("ascii")):
            character = _decoded(match[0])
            if character is None:
                continue
            begin, end = match.span()
            parts += (text[done:begin], character)
            length += begin - done + 1
            self._starts += (length - 1, length)
            self._sources += (begin, end)
            done = end
        if not parts:
            return text
        parts.append(text[done:])
        return "".join(parts)


def _decoded(escape: bytes) -> str | None:
    """Return the character that an escape encodes, None if the escape is kept."""
    if escape.startswith(b"%"):
        code = int(escape[-2:], 16)
    elif escape.startswith(b"&"):
        name = escape[1:-1].removeprefix(b"amp;").rpartition(b";")[2]
        if name in _ENTITIES:
            return _ENTITIES[name]
        if not name.startswith(b"#"):
            return None
        digits = name[1:]
        code = int(digits[1:], 16) if digits[:1] in b"xX" else int(digits)
    else:
        name = escape.lstrip(b"\\")
        if name in _CONTROLS:
            return _CONTROLS[name]
        code = int(name[1:].strip(b"{}"), 16)
    if code in (9, 10, 13) or 32 <= code < 127:
        return chr(code)
    # A percent escape is a byte, which alone is no character beyond ASCII.
    is_character = not escape.startswith(b"%") and 160 < code < 0x110000
    return chr(code) if is_character and not 0xD800 <= code < 0xE000 else None
