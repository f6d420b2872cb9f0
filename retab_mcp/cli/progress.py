"""A line on the terminal that says what a command is waiting for."""

import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from retab_mcp.cli.page.inert import printable
from retab_mcp.queries.service import ReportProgress

# Nobody needs to know what a command does that ends within this time.
_SILENT_SECONDS = 2.0
_REDRAW_SECONDS = 1.0
_MAX_CHARS = 60
_CLEAR_LINE = "\r\x1b[K"


@asynccontextmanager
async def shown_progress() -> AsyncIterator[ReportProgress]:
    """Show a line on stderr from the second second on, if that is a terminal.

    Yields the callback that sets the sentence of the line.
    """
    sentence = "Reading from Retab"

    async def report(_progress: float, _total: float, message: str) -> None:
        nonlocal sentence
        sentence = message

    async def draw() -> None:
        start = time.monotonic()
        await anyio.sleep(_SILENT_SECONDS)
        try:
            while True:
                seconds = time.monotonic() - start
                text = printable(sentence)[:_MAX_CHARS]
                print(f"{_CLEAR_LINE}{text} ({seconds:.0f} s)", end="", file=sys.stderr, flush=True)
                await anyio.sleep(_REDRAW_SECONDS)
        finally:
            print(_CLEAR_LINE, end="", file=sys.stderr, flush=True)

    if not sys.stderr.isatty():
        yield report
        return
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(draw)
        try:
            yield report
        finally:
            tasks.cancel_scope.cancel()
