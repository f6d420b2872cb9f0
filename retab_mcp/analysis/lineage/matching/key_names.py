"""How the names of two fields resemble each other."""

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
# Shorter words, such as "id" and "no", are shared by unrelated names.
_MIN_SHARED_CHARS = 4


class NameMatch(IntEnum):
    """How alike two names are."""

    NONE = 0
    RELATED = 1
    VARIANT = 2
    SAME = 3


@lru_cache(maxsize=4096)
def words_of_name(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case: costCentre, cost_centre and Cost Centre alike."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() or name
    return tuple(word.lower() for word in _WORDS.findall(plain))


@lru_cache(maxsize=16384)
def match_names(name: str, other: str) -> NameMatch:
    """Return how alike two names are.

    The same names differ in style only (costCentre, cost_centre). Of variants, one is short for
    the other or spelled otherwise (qty, quantity; center, centre). Related names share a word.
    """
    words, others = words_of_name(name), words_of_name(other)
    joined, joined_other = "".join(words), "".join(others)
    if joined == joined_other or joined.rstrip("s") == joined_other.rstrip("s"):
        return NameMatch.SAME if joined else NameMatch.NONE
    if _is_short_for(joined, joined_other) or _is_short_for(joined_other, joined):
        return NameMatch.VARIANT
    if sorted(joined) == sorted(joined_other):
        return NameMatch.VARIANT
    shared = any(len(word) >= _MIN_SHARED_CHARS and word in others for word in words)
    return NameMatch.RELATED if shared else NameMatch.NONE


def _is_short_for(short: str, long: str) -> bool:
    """Return whether the letters of `short` occur in `long` in order, from the first on."""
    if not 2 <= len(short) < len(long) or short[0] != long[0]:
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)
