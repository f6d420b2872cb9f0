r"""Tell in one pass over a body of JSON that nothing in it is to be cleaned or redacted.

Most payloads hold no credential and no hidden character. Where this is certain from the bytes,
nothing of what they decode to has to be read. The patterns are those by which `sanitize` finds
suspicious texts, and every word that a name of a credential contains.
"""

from functools import lru_cache

import re2  # type: ignore[import-untyped]

from retab_mcp.safety.chat_marks import MARK
from retab_mcp.safety.clean import HIDDEN, clean_text
from retab_mcp.safety.forms import BEGUN_KEY
from retab_mcp.safety.names import VOCABULARY
from retab_mcp.safety.redact import redact_text
from retab_mcp.safety.screen import FORMS, PATTERN_BYTES, surroundings
from retab_mcp.safety.stems import SHORT_STEMS, STEMS
from retab_mcp.safety.structure import is_telling

# Names that are cleared one by one; a body with more of them is read like any other.
_MOST_NAMES = 24
_LONGEST_NAME = 100
_CACHED_NAMES = 4096
# Shorter words are part of others: they count from a word's beginning to its end.
_LONG_WORD = 5

# Escapes that are not undone: characters as numbers, and backslashes, behind which rules see
# another escape.
_ESCAPES = r"\\[^nt\"]"
_UNDONE = ((b"\\n", b"\n"), (b"\\t", b"\t"), (b'\\"', b'"'))
_FIELD_NAMES = ("properties", "definitions", "defs", "patternproperties")


def _name_words() -> str:
    words = {word for word in (*STEMS, *VOCABULARY) if " " not in word and word.isascii()}
    phrases = {word for word in (*STEMS, *VOCABULARY) if " " in word}
    long = {word for word in words if word in STEMS or len(word) >= _LONG_WORD}
    short = {*SHORT_STEMS, *(words - long)}
    return "|".join(
        (
            *(f"(?i:{word})" for word in sorted(_shortest(long))),
            *(f"(?i:{spread(phrase.split())})" for phrase in sorted(phrases)),
            *(f"(?i:{'[-_]*'.join(name)})" for name in _FIELD_NAMES),
            *map(_whole_word, sorted(short)),
        )
    )
