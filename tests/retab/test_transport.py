"""Failures of a real network: each has its own message, none contains the key."""

import gzip
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest
from anyio.abc import SocketAttribute, SocketStream

from retab_mcp.retab.client import Reply, RetabClient
from retab_mcp.retab.credential import Credential
from retab_mcp.retab.deadline import Deadline
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.routes import RUN
from retab_mcp.retab.transport import fetch, open_client
from tests.retab.client_scene import BASE_URL, KEY

Talk = Callable[[SocketStream], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\n"


@asynccontextmanager
async def server(talk: Talk) -> AsyncIterator[str]:
    """Run a loopback server that reads a request, then calls `talk`; yield its base URL."""

    async def serve(stream: SocketStream) -> None:
        async with stream:
            try:
                await stream.receive()
                await talk(stream)
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                return

    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, serve)
        yield f"http://127.0.0.1:{listener.extra(SocketAttribute.local_port)}"
        tasks.cancel_scope.cancel()


def say(*pieces: bytes) -> Talk:
    async def talk(stream: SocketStream) -> None:
        for piece in pieces:
            await stream.send(piece)

    return talk


async def get(base_url: str, *, seconds: float = 50.0, **limits: Any) -> Reply:
    """GET a run without waiting between attempts."""

    async def no_sleep(_: float) -> None:
        await anyio.lowlevel.checkpoint()

    client = RetabClient(base_url, sleep=no_sleep, **limits)
    try:
        return await client.get(
            RUN,
            {"run_id": "run_1"},
            credential=Credential(KEY),
            deadline=Deadline(anyio.current_time, seconds),
        )
    finally:
        await client.aclose()


async def failure(base_url: str, **arguments: Any) -> RetabError:
    with pytest.raises(RetabError) as caught:
        await get(base_url, **arguments)
    assert KEY not in f"{caught.value!r} {caught.value.__dict__}"
    return caught.value


async def test_a_plain_answer_is_read() -> None:
    async with server(say(OK + b'Content-Length: 8\r\n\r\n{"a": 1}')) as base_url:
        assert await get(base_url) == Reply({"a": 1}, 200, None, 8)


async def test_a_chunked_answer_is_read() -> None:
    pieces = [b"3\r\n[1,\r\n", b"2\r\n2]\r\n", b"0\r\n\r\n"]
    async with server(say(OK + b"Transfer-Encoding: chunked\r\n\r\n", *pieces)) as base_url:
        assert (await get(base_url)).json == [1, 2]


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b"HTTP/1.1 2"],
        [OK + b"Content-Length: 100\r\n\r\n[1, 2"],
        [OK + b"Transfer-Encoding: chunked\r\n\r\n", b"5\r\n[1, 2"],
        [b"SSH-2.0-OpenSSH_9.6\r\n"],
    ],
    ids=["nothing", "half a status", "half a body", "half a chunk", "another protocol"],
)
async def test_a_broken_connection_is_retried_then_reported(pieces: list[bytes]) -> None:
    attempts = 0

    async def talk(stream: SocketStream) -> None:
        nonlocal attempts
        attempts += 1
        await say(*pieces)(stream)

    async with server(talk) as base_url:
        error = await failure(base_url)
    assert (error.kind, error.retryable, attempts) == ("unavailable", True, 4)
    assert error.message == "The connection to Retab broke before the response was complete."


async def test_a_connection_that_breaks_once_is_retried() -> None:
    attempts = 0

    async def talk(stream: SocketStream) -> None:
        nonlocal attempts
        attempts += 1
        await say(OK + b"Content-Length: 1\r\n\r\n" + (b"" if attempts == 1 else b"7"))(stream)

    async with server(talk) as base_url:
        assert (await get(base_url)).json == 7


async def test_a_body_that_trickles_ends_with_the_deadline() -> None:
    async def trickle(stream: SocketStream) -> None:
        await stream.send(OK + b"Content-Length: 1000000\r\n\r\n[")
        while True:
            await stream.send(b" ")
            await anyio.sleep(0.01)

    async with server(trickle) as base_url:
        error = await failure(base_url, seconds=0.2)
    assert (error.kind, error.retryable) == ("timeout", True)


async def test_a_body_with_too_large_a_content_length_is_not_read() -> None:
    async with server(say(OK + b"Content-Length: 1001\r\n\r\n")) as base_url:
        assert (await failure(base_url, max_body_bytes=1_000)).kind == "too_large"


async def test_an_endless_body_is_cut_off() -> None:
    async def pour(stream: SocketStream) -> None:
        await stream.send(OK + b"Content-Type: application/json\r\n\r\n[")
        while True:
            await stream.send(b"0," * 500)

    async with server(pour) as base_url:
        assert (await failure(base_url, max_body_bytes=10_000)).kind == "too_large"


async def test_a_compression_bomb_is_stopped_while_unpacking() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    head = f"Content-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    async with server(say(OK + head, bomb)) as base_url:
        assert (await failure(base_url, max_body_bytes=1_000_000)).kind == "too_large"


async def test_a_refused_connection_is_unavailable() -> None:
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = listener.extra(SocketAttribute.local_port)
    await listener.aclose()
    error = await failure(f"http://127.0.0.1:{port}")
    assert (error.kind, error.retryable) == ("unavailable", True)
    assert error.message == "The Retab API refused the connection."


async def test_a_server_without_tls_is_unavailable() -> None:
    async with server(say(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as base_url:
        error = await failure(base_url.replace("http://", "https://"))
    assert (error.kind, error.retryable) == ("unavailable", False)
    assert "TLS" in error.message


def broken(error: httpx.TransportError, cause: BaseException | None = None) -> httpx.MockTransport:
    """Return a transport that raises an httpx error, for failures that loopback cannot produce."""

    def handle(request: httpx.Request) -> httpx.Response:
        raise error from cause

    return httpx.MockTransport(handle)


@pytest.mark.parametrize(
    ("error", "cause", "kind", "retryable", "words"),
    [
        (httpx.ConnectTimeout(""), None, "timeout", True, "accept a connection in time"),
        (httpx.ReadTimeout(""), None, "timeout", True, "did not answer in time"),
        (httpx.PoolTimeout(""), None, "timeout", True, "did not answer in time"),
        (
            httpx.ConnectError(""),
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "unavailable",
            False,
            "host name",
        ),
        (
            httpx.ConnectError(""),
            socket.gaierror(socket.EAI_AGAIN, "Temporary failure"),
            "unavailable",
            True,
            "host name",
        ),
        (
            httpx.ConnectError(""),
            ssl.SSLCertVerificationError("self-signed certificate"),
            "unavailable",
            False,
            "certificate",
        ),
        (
            httpx.ConnectError(""),
            ssl.SSLEOFError(),
            "unavailable",
            True,
            "connection to the Retab API failed",
        ),
        (
            httpx.ConnectError(""),
            ExceptionGroup("several addresses", [OSError(), ConnectionRefusedError()]),
            "unavailable",
            True,
            "refused the connection",
        ),
        (
            httpx.ConnectError(""),
            OSError("no route to host"),
            "unavailable",
            True,
            "connection to the Retab API failed",
        ),
        (httpx.ProxyError("502 Bad Gateway"), None, "unavailable", True, "proxy refused"),
        (
            httpx.ProxyError("407 Proxy Authentication Required"),
            None,
            "unavailable",
            False,
            "user name and a password",
        ),
        (httpx.WriteError(""), None, "unavailable", True, "broke"),
        (httpx.LocalProtocolError(f"Illegal {KEY}"), None, "internal", False, "be sent"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_each_failure_has_its_kind_and_message(
    error: httpx.TransportError,
    cause: BaseException | None,
    kind: str,
    retryable: bool,
    words: str,
) -> None:
    caught = await failure(BASE_URL, transport=broken(error, cause))
    assert (caught.kind, caught.retryable) == (kind, retryable)
    assert words in caught.message


async def test_a_path_that_httpx_would_change_is_not_sent() -> None:
    async with open_client(BASE_URL, broken(httpx.ReadError(""))) as client:
        with pytest.raises(RetabError) as caught:
            await fetch(
                client,
                f"{BASE_URL}/v1/workflows/../secrets/prod/value",
                {},
                {},
                seconds=1,
                max_body_bytes=1,
            )
    assert caught.value.kind == "internal"


@pytest.mark.parametrize(("base_url", "used"), [(BASE_URL, True), ("http://127.0.0.1:1", False)])
async def test_a_proxy_set_in_the_environment_is_not_used_for_loopback(
    monkeypatch: pytest.MonkeyPatch, base_url: str, used: bool
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:3128")
    async with open_client(base_url) as client:
        assert client.trust_env is used


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1080", "SOCKS"),
        ("HTTPS_PROXY", "ftp://proxy.test", "proxy"),
        ("HTTPS_PROXY", "http://[::1", "proxy"),
        ("SSL_CERT_FILE", "/nowhere/ca.pem", "certificates"),
        ("SSL_CERT_FILE", __file__, "certificates"),
    ],
)
def test_a_setting_of_the_machine_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    with pytest.raises(RetabError, match=words) as caught:
        open_client(BASE_URL)
    assert caught.value.kind == "not_configured"
    named = {"ALL_PROXY": "HTTPS_PROXY"}.get(variable, variable)
    assert named in caught.value.hint
    assert value not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(("no_proxy", "words"), [("", "proxy in front"), ("*", "Retab API")])
async def test_a_refused_connection_names_the_proxy_that_refused_it(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str, words: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    caught = await failure(
        BASE_URL, transport=broken(httpx.ConnectError(""), ConnectionRefusedError())
    )
    assert words in caught.message
