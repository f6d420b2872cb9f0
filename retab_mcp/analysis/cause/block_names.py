"""Find names of blocks in messages: a name shows nothing about what went wrong."""

import re
from collections.abc import Iterable

# A name that is an ordinary word can be meant as that word. It counts as a name only at the start
# of a sentence, in brackets or quotes, and after one of these.
_NAME_FOLLOWS = r"(?:^|(?<=[(\[\"'])|\b(?:[Bb]lock|[Nn]ode|[Ss]tep) )"
_WORD = re.compile(r"[A-Za-z]+")


class BlockNames:
    """Ids and labels of blocks, found in a text as whole words."""

    def __init__(self, names: Iterable[str | None]) -> None:
        """Take the names; None and empty ones are ignored."""
        self._longest_first = sorted({name for name in names if name}, key=len, reverse=True)

    def removed_from(self, text: str) -> str:
        """Return `text` with an ellipsis in place of each name."""
        pattern = self._pattern_for(text)
        return pattern.sub("…", text) if pattern else text

    def occur_in(self, text: str) -> bool:
        """Return whether `text` contains one of the names."""
        pattern = self._pattern_for(text)
        return pattern is not None and pattern.search(text) is not None

    def _pattern_for(self, text: str) -> re.Pattern[str] | None:
        """Return a pattern of the names that occur in `text`, whole words or not."""
        # A pattern of all blocks of a run of 10,000 steps takes a second to compile.
        names = [name for name in self._longest_first if name in text]
        if not names:
            return None
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(_pattern_of, names))})(?![\w-])")


def _pattern_of(name: str) -> str:
    escaped = re.escape(name)
    return _NAME_FOLLOWS + escaped if _WORD.fullmatch(name) else escaped
