"""Decide if cutting a value saves tokens, since `truncated` takes tokens too."""

from retab_mcp.answers.common.answer import Truncated
from retab_mcp.digest.compact import json_tokens_within
from retab_mcp.models import Json

# Larger than the budget of any answer.
_NO_LIMIT = 1_000_000


def whole_is_shorter(whole: Json, shown: Json, truncated: Truncated) -> bool:
    """Return whether the whole value takes no more tokens than `shown` and `truncated` do."""
    cost = json_tokens_within({"shown": shown, "truncated": truncated.model_dump()}, _NO_LIMIT)
    return json_tokens_within({"shown": whole}, cost or 0) is not None
