"""Make several requests at a time."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import anyio

T = TypeVar("T")

# The client's limit of concurrent requests per caller.
AT_ONCE = 4


async def concurrently(calls: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    """Return the results of the calls, in their order, running at most 4 at a time.

    Raises the exception of the first call to fail, and cancels the others.
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
