"""Apply rules to all steps of a run without holding the event loop."""

from collections.abc import Callable, Sized
from typing import TypeVar

from retab_mcp.retab.off_loop import off_loop

T = TypeVar("T")

# What one step takes rules, as bytes to read.
STEP_BYTES = 1_000


async def over_steps(steps: Sized, work: Callable[[], T]) -> T:
    """Return what `work` returns; it runs in a thread where there are many `steps`.

    Raises what `work` raises.
    """
    return await off_loop(len(steps) * STEP_BYTES, work)
