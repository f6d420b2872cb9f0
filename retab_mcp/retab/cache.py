"""A cache that is bounded in bytes and in seconds."""

from typing import Generic, TypeVar

from cachetools import TTLCache

from retab_mcp.retab.deadline import Clock

Value = TypeVar("Value")


class BoundedCache(Generic[Value]):
    """Values by key, for `seconds` by `clock` each, of at most `max_bytes` together.

    When room is needed the value that was used least recently goes. Part of every key is the
    fingerprint of the credential that the value was read with: what one key may see, another
    may not.
    """

    def __init__(self, max_bytes: int, seconds: float, clock: Clock) -> None:
        self._entries: TTLCache[tuple[str, ...], tuple[Value, int]] = TTLCache(
            max_bytes, seconds, timer=clock, getsizeof=lambda entry: entry[1]
        )

    def get(self, key: tuple[str, ...]) -> Value | None:
        """The value of `key`, or None when it never was there or is gone."""
        entry = self._entries.get(key)
        return None if entry is None else entry[0]

    def put(self, key: tuple[str, ...], value: Value, size: int) -> None:
        """Keep `value`, which takes `size` bytes (1 or more); one larger than all room is not."""
        if size <= self._entries.maxsize:
            self._entries[key] = (value, size)
