"""Standard input and output, read and written on threads that do not delay the exit."""

import asyncio
import contextlib
import json
import queue
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeAlias

import anyio
from mcp.types import CONNECTION_CLOSED

_Call: TypeAlias = tuple[Callable[[], Any], asyncio.AbstractEventLoop, asyncio.Future[Any]]


class DaemonThread:
    """Run blocking calls, one at a time, on a thread that ends with the process.

    On exit, Python waits for the threads of anyio: one that reads a silent stdin, or writes
    to a pipe that nobody reads, would keep the process alive.
    """

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[_Call] = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    async def call(self, function: Callable[[], Any]) -> Any:
        """Return what `function` returns, or raise its OSError or ValueError."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._calls.put((function, loop, future))
        return await future

    def _run(self) -> None:
        while True:
            function, loop, future = self._calls.get()
            result, error = None, None
            try:
                result = function()
            except (OSError, ValueError) as caught:
                error = caught
            # The loop is already closed if the server ended during the call.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, future, result, error)


def _settle(future: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


def _says_closed(line: str) -> bool:
    """Return whether a message says that the connection closed before a call was answered."""
    try:
        error = json.loads(line).get("error")
    except (ValueError, AttributeError):
        return False
    return isinstance(error, dict) and error.get("code") == CONNECTION_CLOSED


class StandardStream(anyio.AsyncFile[str]):
    """File descriptor 0 or 1 as UTF-8 text, with the methods that the SDK's transport calls.

    Opened separately from `sys.stdin` and `sys.stdout`: on exit Python locks those, and aborts
    when a thread still holds the lock.
    """

    def __init__(self, descriptor: int, mode: str, input: "StandardStream | None" = None) -> None:
        """Open a descriptor; an output knows the `input` whose messages it answers."""
        super().__init__(
            open(descriptor, mode, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
        )
        self._thread = DaemonThread()
        self._input = input
        self.ended = False

    async def __aiter__(self) -> AsyncIterator[str]:
        """Yield the lines of the input; treat an unreadable input as ended."""
        with contextlib.suppress(OSError, ValueError):
            while line := await self._thread.call(self.wrapped.readline):
                yield line
        self.ended = True

    async def write(self, b: str) -> int:
        """Write `b` and flush; return its length. Raise ClosedResourceError without a reader.

        Once the input has ended, the SDK answers each call in flight with "connection closed".
        That is not written: clients of the SDK 1.16 to 1.30, which end their output before they
        stop reading, raise an exception for it.
        """
        if self._input is not None and self._input.ended and _says_closed(b):
            return len(b)

        def write() -> int:
            written = self.wrapped.write(b)
            self.wrapped.flush()
            return written

        try:
            return int(await self._thread.call(write))
        except (OSError, ValueError):
            raise anyio.ClosedResourceError from None

    async def flush(self) -> None:
        """Do nothing: `write` has flushed."""
