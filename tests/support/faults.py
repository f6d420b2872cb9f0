"""A sandbox whose network fails on demand: a fault switch, on a real socket."""

import asyncio
import contextlib
import gzip
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

import httpx
from starlette.applications import Starlette

_HOST = "127.0.0.1"
# Seconds between two bytes of a body that never ends.
_DRIP_SECONDS = 0.02

# The first byte of a client that expects TLS.
_TLS_HANDSHAKE = b"\x16"


@dataclass(frozen=True)
class Exchange:
    """One request, and the ways to answer it.

    `path` is without the query, `number` counts the requests from 0. `answer` asks the sandbox.
    """

    path: str
    query: str
    number: int
    writer: asyncio.StreamWriter
    answer: Callable[[], Awaitable[httpx.Response]]

    async def send(
        self,
        body: bytes,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        length: int | None = None,
    ) -> None:
        """Send a response, which announces `length` bytes (default: as many as it has)."""
        fields = {"Content-Type": "application/json", **(headers or {})}
        fields["Content-Length"] = str(len(body) if length is None else length)
        lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in fields.items())]
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await self.writer.drain()

    async def hang(self) -> None:
        """Send nothing, for as long as the client waits."""
        await asyncio.Event().wait()

    async def drip(self) -> None:
        """Send a body that never ends, a byte at a time."""
        self.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{")
        while True:
            await asyncio.sleep(_DRIP_SECONDS)
            self.writer.write(b" ")
            await self.writer.drain()

    async def reset(self) -> None:
        """Reset the connection."""
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def cut_off(self, body: bytes) -> None:
        """Close the connection before the announced end of the body."""
        await self.send(body, length=len(body) + 1000)
        self.writer.close()

    async def bomb(self, size: int) -> None:
        """Send `size` spaces, compressed to a thousandth."""
        await self.send(gzip.compress(b" " * size, 1), headers={"Content-Encoding": "gzip"})


# Answers an exchange and returns True, or returns False to leave it to the sandbox.
Fault: TypeAlias = Callable[[Exchange], Awaitable[bool]]


async def no_fault(_exchange: Exchange) -> bool:
    """Leave every request to the sandbox."""
    return False


class FaultySandbox:
    """A sandbox behind a socket; set `fault` to choose what happens to the next requests."""

    def __init__(self, app: Starlette) -> None:
        self.fault: Fault = no_fault
        self.requests = 0
        self.base_url = ""
        self._inner = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://sandbox"
        )
        self._connections: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["FaultySandbox"]:
        """Serve on a free port of loopback within the context."""
        server = await asyncio.start_server(self._connected, _HOST, 0, ssl=tls)
        scheme = "https" if tls else "http"
        self.base_url = f"{scheme}://{_HOST}:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for connection in self._connections:
                connection.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)
            await self._inner.aclose()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        # The client gave up, or the sandbox ends.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while not writer.is_closing():
                first = await reader.readexactly(1)
                if first == _TLS_HANDSHAKE:
                    # As servers without TLS answer.
                    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    break
                head = first + await reader.readuntil(b"\r\n\r\n")
                await self._serve(head.decode("latin-1"), writer)
        writer.close()

    async def _serve(self, head: str, writer: asyncio.StreamWriter) -> None:
        line, *fields = head.split("\r\n")
        method, target = line.split(" ")[:2]
        headers = [tuple(field.split(": ", 1)) for field in fields if field]

        async def answer() -> httpx.Response:
            return await self._inner.request(method, target, headers=headers)  # type: ignore[arg-type]

        path, _, query = target.partition("?")
        exchange = Exchange(path, query, self.requests, writer, answer)
        self.requests += 1
        if not await self.fault(exchange):
            response = await answer()
            request_id = {"x-request-id": response.headers.get("x-request-id", "")}
            await exchange.send(response.content, response.status_code, request_id)
