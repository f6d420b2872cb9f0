"""Connections over real sockets: slow headers, idle ones, and clients behind a proxy."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from uvicorn import Server

from retab_mcp.http.caller import address_of
from retab_mcp.http.connections import BoundedHttp
from retab_mcp.http.listening import listen
from retab_mcp.http.options import HttpOptions
from retab_mcp.http.serving import uvicorn_config

HEADER_SECONDS = 0.2
# On a busy machine; without a limit the connection stays open for minutes.
SECONDS = 10


async def answer(request: Request) -> JSONResponse:
    """Return the client's address, after `wait` seconds."""
    await request.body()
    await asyncio.sleep(float(request.query_params.get("wait", 0)))
    return JSONResponse({"client": address_of(request.scope)})


@asynccontextmanager
async def listening(options: HttpOptions) -> AsyncIterator[int]:
    """Serve on a free port with the configuration of the service."""
    async with serving(options) as (port, _):
        yield port


@asynccontextmanager
async def serving(options: HttpOptions) -> AsyncIterator[tuple[int, Server]]:
    """Serve like `listening`; yield the server too."""
    sockets = listen("127.0.0.1", 0)
    app = Starlette(routes=[Route("/", answer, methods=["GET", "POST"])])
    server = Server(uvicorn_config(app, options))
    task = asyncio.create_task(server.serve(sockets))
    try:
        yield sockets[0].getsockname()[1], server
    finally:
        server.should_exit = server.force_exit = True
        await task


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedHttp, "header_seconds", HEADER_SECONDS)


GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"G",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 1000,
        # The second request of a connection.
        GET + b"GET / HTTP/1.1\r\n",
    ],
)
async def test_a_connection_without_complete_headers_ends(sent: bytes) -> None:
    async with listening(HttpOptions()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            async with asyncio.timeout(SECONDS):
                # More than any answer.
                await reader.readexactly(10_000)
        writer.close()


async def test_a_header_at_a_time_does_not_extend_the_limit() -> None:
    async with listening(HttpOptions()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
        for number in range(SECONDS * 50):
            writer.write(b"X-%d: y\r\n" % number)
            await asyncio.sleep(HEADER_SECONDS / 10)
            if writer.is_closing() or reader.at_eof() or reader.exception():
                break
        else:
            raise AssertionError("the connection stays open")


async def test_a_connection_with_a_request_in_progress_stays() -> None:
    """A slow answer, two requests at once, and a body that comes late."""
    slow = b"GET /?wait=%.1f HTTP/1.1\r\nHost: x\r\n\r\n" % (2 * HEADER_SECONDS)
    async with listening(HttpOptions()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(slow + slow + GET)
        for _ in range(3):
            assert await response_of(reader) == {"client": "127.0.0.1"}
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n")
        await asyncio.sleep(2 * HEADER_SECONDS)
        writer.write(b"{}")
        assert await response_of(reader) == {"client": "127.0.0.1"}
        writer.close()


@pytest.mark.parametrize(
    ("trusted", "client"),
    [
        ((), "127.0.0.1"),
        (("10.0.0.0/8",), "127.0.0.1"),
        (("127.0.0.0/8",), "203.0.113.9"),
        (("127.0.0.1", "203.0.113.9"), "198.51.100.1"),
    ],
)
async def test_only_a_trusted_proxy_names_the_client(trusted: tuple[str, ...], client: str) -> None:
    """A client can put any address in front of those that proxies add."""
    forwarded = b"X-Forwarded-For: 198.51.100.1, 203.0.113.9\r\n\r\n"
    async with listening(HttpOptions(trusted_proxies=trusted)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET[:-2] + forwarded)
        assert await response_of(reader) == {"client": client}
        writer.close()


async def response_of(reader: asyncio.StreamReader) -> object:
    """Read one response; return its JSON."""
    async with asyncio.timeout(SECONDS):
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        return json.loads(await reader.readexactly(length))


async def ending(server: Server) -> None:
    """Let the server end, and return once it has begun to."""
    server.should_exit = True
    async with asyncio.timeout(SECONDS):
        while server.servers[0].is_serving():  # noqa: ASYNC110 (uvicorn has no event for it)
            await asyncio.sleep(0.01)


async def test_a_server_that_ends_answers_each_connection_once_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A proxy may have sent a request already; "close" keeps it from sending another one."""
    monkeypatch.setattr(BoundedHttp, "idle_end_seconds", SECONDS)
    async with serving(HttpOptions()) as (port, server), asyncio.timeout(SECONDS):
        idle_reader, idle = await asyncio.open_connection("127.0.0.1", port)
        busy_reader, busy = await asyncio.open_connection("127.0.0.1", port)
        idle.write(GET)
        assert b"connection: close" not in await idle_reader.readuntil(b"\r\n\r\n")
        await idle_reader.readuntil(b"}")
        busy.write(b"GET /?wait=0.5 HTTP/1.1\r\nHost: x\r\n\r\n")
        await ending(server)
        idle.write(GET)
        for reader in (idle_reader, busy_reader):
            response = await reader.read()
            assert response.startswith(b"HTTP/1.1 200 OK\r\n")
            assert b"\r\nconnection: close\r\n" in response.lower()
        idle.close()
        busy.close()


async def test_a_server_that_ends_closes_idle_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedHttp, "idle_end_seconds", 0.01)
    async with serving(HttpOptions()) as (port, server), asyncio.timeout(SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await ending(server)
        assert await reader.read() == b""
        writer.close()
