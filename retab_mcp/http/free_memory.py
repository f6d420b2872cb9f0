"""Give the memory that large answers needed back to the operating system."""

import ctypes
import sys
from collections.abc import Callable

import anyio

# A large answer needs tens of MiB for a second. Without this glibc keeps most of it, in pieces.
EVERY_SECONDS = 60.0


def c_trim() -> Callable[[int], int] | None:
    """Return glibc's malloc_trim(pad), None where the C library has none."""
    if not sys.platform.startswith("linux"):
        return None
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim


async def return_free_memory(
    trim: Callable[[int], object] | None, every_seconds: float = EVERY_SECONDS
) -> None:
    """Trim the heap now and then, in a thread, until cancelled; do nothing without a `trim`."""
    while trim is not None:
        await anyio.sleep(every_seconds)
        await anyio.to_thread.run_sync(trim, 0)
