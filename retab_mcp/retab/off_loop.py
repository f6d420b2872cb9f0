"""Run work on large payloads in a thread, so that the event loop serves others meanwhile."""

from collections.abc import Callable
from typing import TypeVar

import anyio.to_thread

T = TypeVar("T")

# Parsing, cleaning and redacting this much takes about 20 ms; a thread costs less than one.
MAX_BYTES_ON_LOOP = 300_000


async def off_loop(size: int, work: Callable[[], T]) -> T:
    """Return what `work` returns; it runs in a thread where it has `size` bytes to read.

    Raises what `work` raises. After a cancelled call, its thread finishes in the background.
    """
    if size <= MAX_BYTES_ON_LOOP:
        return work()
    return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
