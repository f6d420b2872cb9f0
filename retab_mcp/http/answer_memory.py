"""Answers that a caller got from memory alone, for when the same is asked again."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from cachetools import TTLCache
from mcp.types import CallToolResult

from retab_mcp.http.caller import Caller

# What is known of a finished run does not change; that it was deleted may be noticed this late.
SECONDS = 60.0
# Some thousand answers.
MAX_BYTES = 16 * 1024 * 1024

Key = tuple[str, str, str]


class AnswerMemory:
    """Answers by caller, tool and arguments, for a minute; `clock` gives monotonic seconds.

    For answers that needed no request to Retab: they follow from what is remembered of finished
    runs, so that working them out again can only give the same.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._answers: TTLCache[Key, tuple[CallToolResult, int]] = TTLCache(
            MAX_BYTES, SECONDS, timer=clock, getsizeof=lambda entry: entry[1]
        )

    def get(self, key: Key) -> CallToolResult | None:
        """Return the answer to the same question, or None."""
        entry = self._answers.get(key)
        return None if entry is None else entry[0]

    def put(self, key: Key, answer: CallToolResult, size: int) -> None:
        """Remember an answer of `size` bytes."""
        size += len(key[2])
        if size <= MAX_BYTES:
            self._answers[key] = (answer, size)


def key_of_call(caller: Caller, tool: str, arguments: Mapping[str, Any]) -> Key:
    """Return what tells one question of one caller from all others."""
    return (caller.fingerprint, tool, json.dumps(arguments))
