"""How many tokens a text takes, without a tokenizer."""

import re
from collections import Counter

_PIECE = re.compile(
    r"[A-Z]*[a-z]+|[A-Z]+|[0-9]{1,3}|[^\sA-Za-z0-9\u0080-\U0010ffff]+|\n\s*|[ ]{2,}"
)
_WIDE = re.compile("[\u0080-\U0010ffff]")


def estimate_tokens(text: str) -> int:
    """Estimate the o200k tokens of a text."""
    lengths = Counter(map(len, _PIECE.findall(text)))
    pieces = sum(count * (1 + max(0, length - 6) * 0.25) for length, count in lengths.items())
    return round(pieces * 1.1 + 0.9 * len(_WIDE.findall(text))) + 1
