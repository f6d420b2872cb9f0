"""Calls over stdio for benchmarks/load.py: many requests at once over the pipe of one server."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from math import inf
from typing import Any

from benchmarks.load_measured import Call, Measured, cpu_seconds, endless

# Longer than any answer.
MAX_LINE_BYTES = 2**20


class Pipe:
    """The pipe of one server, which answers requests in any order."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ids = count(1)
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._reading = asyncio.create_task(self._read())

    async def request(self, method: str, params: dict[str, Any]) -> bytes:
        """Send a request and return the line that answers it."""
        number = next(self._ids)
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        self._write({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return await answer

    async def start(self) -> None:
        """Make the handshake."""
        await self.request(
            "initialize",
            {
                "protocolVersion": "2025-11-25",
                "capabilities": {},
                "clientInfo": {"name": "load", "version": "1"},
            },
        )
        self._write({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def _write(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            answer = self._waiting.pop(json.loads(line).get("id", 0), None)
            if answer is not None:
                answer.set_result(line)
        for answer in self._waiting.values():
            answer.set_exception(EOFError("the server ended"))


@dataclass
class StdioTarget:
    """A server over stdio, the calls that it gets, and what was measured."""

    name: str
    pipe: Pipe
    pid: int
    calls: Sequence[Call]
    cached: bool = False
    measured: Measured = field(default_factory=Measured)

    async def warm_up(self, _keys: Sequence[str]) -> None:
        """Make every call; twice if the second answer comes from the cache."""
        await self._client(iter([*self.calls] * (2 if self.cached else 1)), inf, Measured())

    async def load(self, keys: Sequence[str], seconds: float) -> None:
        """Keep as many requests in flight as there are keys, for `seconds`."""
        started, cpu = time.perf_counter(), cpu_seconds(self.pid)
        orders = (endless(self.calls, key) for key in keys)
        await asyncio.gather(
            *(self._client(order, started + seconds, self.measured) for order in orders)
        )
        self.measured.seconds += time.perf_counter() - started
        self.measured.cpu_seconds += cpu_seconds(self.pid) - cpu

    async def _client(self, calls: Iterator[Call], until: float, measured: Measured) -> None:
        for tool, arguments in calls:
            started = time.perf_counter()
            if started >= until:
                break
            line = await self.pipe.request("tools/call", {"name": tool, "arguments": arguments})
            if b'"isError":false' not in line:
                measured.errors += 1
            measured.milliseconds[tool].append((time.perf_counter() - started) * 1000)


@asynccontextmanager
async def stdio_server(*arguments: str, **environment: str) -> AsyncIterator[tuple[Pipe, int]]:
    """Run a Python module that serves stdio until the context ends; yield its pipe and its pid."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments),
        env=os.environ | environment,
        limit=MAX_LINE_BYTES,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    pipe = Pipe(process)
    await pipe.start()
    try:
        yield pipe, process.pid
    finally:
        process.terminate()
        await process.wait()
