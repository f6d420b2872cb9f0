"""Several requests at a time."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import anyio

T = TypeVar("T")

# As many as the client lets one caller have at once.
AT_ONCE = 4


async def concurrently(calls: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    """Return what the calls return, in their order, with at most 4 running at a time.

    Raises what the first call to fail raised; the others are then given up.
    """
    results: dict[int, T] = {}
    limiter = anyio.Semaphore(AT_ONCE)

    async def run(number: int, call: Callable[[], Awaitable[T]]) -> None:
        async with limiter:
            results[number] = await call()

    try:
        async with anyio.create_task_group() as group:
            for number, call in enumerate(calls):
                group.start_soon(run, number, call)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [results[number] for number in range(len(calls))]
