"""A cache of answers that cost no request to Retab."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from cachetools import TTLCache
from mcp.types import CallToolResult

from retab_mcp.http.caller import Caller

# A finished run does not change, but it can be deleted: for this long nobody would notice.
TTL_SECONDS = 60.0
# Several thousand answers.
MAX_BYTES = 16 * 1024 * 1024

CacheKey: TypeAlias = tuple[str, str, str]


class AnswerCache:
    """Answers by caller, tool and arguments, for a minute; `clock` returns monotonic seconds.

    It holds only answers that needed no request to Retab: they follow from cached finished runs,
    so computing them again would give the same.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._answers: TTLCache[CacheKey, tuple[CallToolResult, int]] = TTLCache(
            MAX_BYTES, TTL_SECONDS, timer=clock, getsizeof=lambda entry: entry[1]
        )

    def get(self, key: CacheKey) -> CallToolResult | None:
        """Return the cached answer for `key`, or None."""
        entry = self._answers.get(key)
        return None if entry is None else entry[0]

    def put(self, key: CacheKey, answer: CallToolResult, size: int) -> None:
        """Cache an answer of `size` bytes; do nothing if it is too large for the cache."""
        size += len(key[2])
        if size <= MAX_BYTES:
            self._answers[key] = (answer, size)


def answer_cache_key(caller: Caller, tool: str, arguments: Mapping[str, Any]) -> CacheKey:
    """Return a key that is the same only for the same caller, tool and arguments."""
    return (caller.fingerprint, tool, json.dumps(arguments))
