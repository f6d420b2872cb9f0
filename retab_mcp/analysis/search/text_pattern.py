"""Turn a text into a pattern that finds it however a document prints it.

A text is found in any case, with any kind of space, hyphen and quotation mark, with composed or
decomposed letters, and with ligatures.
"""

import unicodedata
from collections.abc import Callable, Iterator

import pydantic_core
import re2  # type: ignore[import-untyped]

_SPACES = "\t\n\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Characters that print alike; each is found by any of its group.
_ALIKE = (
    "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d",
    "'\u2018\u2019\u201a\u201b\u02bc\u00b4`\u2032\uff07",
    '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02',
)
_LIGATURES = {
    "ffi": "\ufb03",
    "ffl": "\ufb04",
    "ff": "\ufb00",
    "fi": "\ufb01",
    "fl": "\ufb02",
    "st": "\ufb06",
}


def text_pattern(text: str) -> str:
    """Return an RE2 pattern that matches `text` as documents print it."""
    return "".join(_pieces(text, re2.escape))


def json_text_pattern(text: str) -> str:
    """Return an RE2 pattern that matches the JSON text of every value that contains `text`."""
    return "".join(_pieces(text, lambda part: re2.escape(_in_json(part))))


def _in_json(part: str) -> str:
    return pydantic_core.to_json(part).decode()[1:-1]


def _pieces(text: str, escape: Callable[[str], str]) -> Iterator[str]:
    """Yield the pattern of each character, or of several that a ligature joins."""
    # A lone surrogate has no bytes; cleaned texts have none, so that any other character will do.
    encodable = text.encode("utf-8", "replace").decode()
    composed = unicodedata.normalize("NFC", encodable)
    place = 0
    while place < len(composed):
        joined = _ligature_at(composed, place)
        if joined:
            letters = "".join(_character(letter, escape) for letter in joined)
            yield f"(?:{letters}|{escape(_LIGATURES[joined.lower()])})"
            place += len(joined)
            continue
        if composed[place].isspace():
            while place < len(composed) and composed[place].isspace():
                place += 1
            yield _any_space(escape)
            continue
        yield _character(composed[place], escape)
        place += 1


def _ligature_at(text: str, place: int) -> str:
    for length in (3, 2):
        part = text[place : place + length]
        if part.lower() in _LIGATURES:
            return part
    return ""


def _any_space(escape: Callable[[str], str]) -> str:
    escaped = [escape(space) for space in "\t\n\r"]
    return f"(?:[{_SPACES}]|{'|'.join(escaped)})+"


def _character(character: str, escape: Callable[[str], str]) -> str:
    for alike in _ALIKE:
        if character in alike:
            return f"(?:{'|'.join(escape(each) for each in alike)})"
    single = unicodedata.normalize("NFKC", character)
    forms = {character, unicodedata.normalize("NFD", character), single}
    if len(forms) == 1:
        return escape(character)
    return f"(?:{'|'.join(escape(each) for each in sorted(forms))})"
