r"""Tell in one pass over a body of JSON that nothing in it is to be cleaned or redacted.

Most payloads hold no credential and no hidden character. Where the bytes prove it, what they
decode to is safe as it is. The patterns are those by which `sanitize` finds suspicious texts, and
every word by which it knows the name of a credential.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped]

from retab_mcp.safety.chat_marks import MARK
from retab_mcp.safety.clean import HIDDEN_CHARACTER, clean_text
from retab_mcp.safety.forms import BEGUN_KEY
from retab_mcp.safety.names import SPELLED_NAMES, VOCABULARY
from retab_mcp.safety.redact import redact_text
from retab_mcp.safety.screen import FORMS, PATTERN_BYTES, surroundings
from retab_mcp.safety.stems import SHORT_STEMS, STEMS
from retab_mcp.safety.structure import is_telling

# Keys that are judged one by one; a body with more of them is read like any other.
_MOST_KEYS = 24
_LONGEST_KEY = 100
_CACHED_KEYS = 4096
# Shorter words are part of others: they count only as whole words.
_LONG_WORD = 5

# Any other escape is suspicious: a character as a number, or a backslash, which may begin an
# escape of the text's own.
_UNDONE = ((b"\\n", b"\n"), (b"\\t", b"\t"), (b'\\"', b'"'))
_QUOTE = r'\s{0,99}"'
# What follows a word in a key.
_TO_COLON = r'[^"]*"[ \t\n]*:'


def _in_keys() -> str:
    """Return a pattern that matches in every key that says something about its value."""
    words = {word for word in (*STEMS, *VOCABULARY) if word.isascii()}
    long = [word for word in words if word in STEMS or len(word) >= _LONG_WORD]
    short = {*SHORT_STEMS, *words}.difference(long)
    spread = [r'[^a-z"]*'.join(map(re.escape, word.split())) for word in _shortest(long)]
    parts = [rf"(?i:{'|'.join(spread)}){_TO_COLON}"]
    for word in sorted(short):
        whole = rf"(?:[^A-Za-z](?i:{word})|[A-Za-z]{word.title()}|[a-z]{word.upper()})"
        parts.append(rf'{whole}(?:[^a-z"][^"]*)?"[ \t\n]*:')
    gap = r'[^A-Za-z"]*'
    spelled = "|".join(gap.join(word) for word in sorted(SPELLED_NAMES))
    parts.append(rf'"{gap}(?i:{spelled}){gap}"[ \t\n]*:')
    return "|".join((*parts, rf"[^\x00-\x7f]{_TO_COLON}"))


def _shortest(words: Iterable[str]) -> list[str]:
    """Return the words that contain none of the others."""
    found: list[str] = []
    for word in sorted(set(words), key=len):
        if not any(other in word for other in found):
            found.append(word)
    return found


def _pattern(*parts: bytes) -> Any:
    options = re2.Options()
    options.max_mem = PATTERN_BYTES
    options.never_capture = True
    return re2.compile(b"|".join(parts), options)


# Two patterns: as one they would have too many states.
_FORM = _pattern(FORMS.encode(), HIDDEN_CHARACTER.encode(), MARK, BEGUN_KEY, rb"\\")
_NAME = _pattern(f"(?i:{surroundings(_QUOTE)})".encode(), _in_keys().encode())
_KEY = re.compile(rb'"([A-Za-z0-9_ .\-]{1,%d})":' % _LONGEST_KEY)


def is_harmless(body: bytes | bytearray) -> bool:
    """Return whether sanitizing changes nothing of a JSON text; it may say no where it would not.

    Takes valid UTF-8. Its time is linear in the length.
    """
    text = body
    if b"\\" in body:
        for escape, character in _UNDONE:
            text = text.replace(escape, character)
    # Quotes in texts leave open which text is a key.
    keys_left = 0 if b'\\"' in body else _MOST_KEYS
    if _FORM.search(text):
        return False
    while found := _NAME.search(text):
        start = text.rfind(b'"', 0, found.start() + 1)
        key = _KEY.match(text, start) if start >= 0 and keys_left else None
        if key is None or key.end() <= found.start() or not _is_harmless_key(key[1].decode()):
            return False
        # What is before it was searched.
        text = text[start:].replace(key[0], b'"":')
        keys_left -= 1
    return True


@lru_cache(maxsize=_CACHED_KEYS)
def _is_harmless_key(key: str) -> bool:
    return not is_telling(key) and clean_text(key) == key and not redact_text(key)[1]
