"""Names of blocks in sentences: what a block is called says nothing of what happened."""

import re
from collections.abc import Iterable

# A name that is an ordinary word may stand in a sentence as that word: it counts as a name only
# where a sentence begins, in brackets or quotes, and behind one of these.
_CALLED = r"(?:^|(?<=[(\[\"'])|\b(?:[Bb]lock|[Nn]ode|[Ss]tep) )"
_WORD = re.compile(r"[A-Za-z]+")


class Names:
    """Some names, found in a text where they stand as a whole."""

    def __init__(self, names: Iterable[str | None]) -> None:
        """Take the names; those that are None or empty are left out."""
        longest_first = sorted({name for name in names if name}, key=len, reverse=True)
        anyone = "|".join(map(_pattern_of, longest_first)) or r"(?!)"
        self._pattern = re.compile(rf"(?<![\w-])(?:{anyone})(?![\w-])")

    def taken_out_of(self, text: str) -> str:
        """Return `text` with an ellipsis in place of each name."""
        return self._pattern.sub("…", text)

    def stand_in(self, text: str) -> bool:
        """Return whether one of the names stands in `text`."""
        return self._pattern.search(text) is not None


def _pattern_of(name: str) -> str:
    written = re.escape(name)
    return _CALLED + written if _WORD.fullmatch(name) else written
