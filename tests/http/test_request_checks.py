"""Requests that are refused before they are read."""

from collections.abc import AsyncIterator

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from retab_mcp.http.endpoint import MAX_BODY_BYTES
from retab_mcp.http.metrics import Metrics
from retab_mcp.http.options import HttpOptions
from retab_mcp.http.request_checks import RequestTimeout
from tests.http.scene import HEADERS, KEY_OF_ACME, Tenants, bearer, connected, message, service_app

CALL = message("get_run", {"run_id": "run_1"})


async def status_of(options: HttpOptions, **headers: str) -> int:
    async with connected(service_app(Tenants({}), options)) as client:
        sent = HEADERS | bearer(KEY_OF_ACME) | headers
        response = await client.post("/mcp", json=CALL, headers=sent)
    return response.status_code


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("[::1]:8000", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example:8000", 421),
        ("", 421),
    ],
)
async def test_on_loopback_only_loopback_hosts_are_accepted(host: str, status: int) -> None:
    assert await status_of(HttpOptions(), host=host) == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:6274", 200),
        ("http://evil.example", 403),
        ("null", 403),
        ("http://localhost.evil.example", 403),
    ],
)
async def test_on_loopback_only_loopback_origins_are_accepted(origin: str, status: int) -> None:
    assert await status_of(HttpOptions(), origin=origin) == status


PUBLIC = HttpOptions(
    host="0.0.0.0",
    allowed_hosts=("mcp.example.com",),
    allowed_origins=("https://chat.example.com",),
)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "mcp.example.com"}, 200),
        ({"host": "mcp.example.com:8443"}, 200),
        ({"host": "127.0.0.1:8000"}, 421),
        ({"host": "mcp.example.com", "origin": "https://chat.example.com"}, 200),
        ({"host": "mcp.example.com", "origin": "http://localhost:8000"}, 403),
    ],
)
async def test_elsewhere_only_listed_hosts_and_origins_are_accepted(
    headers: dict[str, str], status: int
) -> None:
    assert await status_of(PUBLIC, **headers) == status


async def test_without_a_list_every_origin_is_refused() -> None:
    options = HttpOptions(host="0.0.0.0", allowed_hosts=("mcp.example.com",))
    headers = {"host": "mcp.example.com", "origin": "https://mcp.example.com"}
    assert await status_of(options, **headers) == 403


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "OPTIONS"])
async def test_only_post_is_served(method: str) -> None:
    async with connected(service_app(Tenants({}))) as client:
        response = await client.request(method, "/mcp", headers=HEADERS | bearer(KEY_OF_ACME))
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("announced", [True, False])
async def test_a_large_body_is_refused(announced: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY_BYTES // 1024 + 1):
            yield b" " * 1024

    content = b" " * (MAX_BODY_BYTES + 1) if announced else pieces()
    async with connected(service_app(Tenants({}))) as client:
        headers = HEADERS | bearer(KEY_OF_ACME)
        response = await client.post("/mcp", content=content, headers=headers)
    assert response.status_code == 413


async def test_a_body_without_a_key_is_not_read() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        raise AssertionError("read")
        yield b""

    async with connected(service_app(Tenants({}))) as client:
        response = await client.post("/mcp", content=pieces(), headers=HEADERS)
    assert response.status_code == 401


async def test_a_slow_request_times_out() -> None:
    class Never:
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await anyio.sleep_forever()

    metrics = Metrics()
    app = Starlette(routes=[Route("/mcp", RequestTimeout(Never(), metrics, seconds=0.0))])
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        response = await client.post("/mcp")
    assert response.status_code == 503
    assert b'refusals_total{status="503"} 1.0' in metrics.exposition()


async def test_responses_repeat_a_proxys_request_id_or_get_a_new_one() -> None:
    async with connected(service_app(Tenants({}))) as client:
        new = await client.post("/mcp", headers=HEADERS)
        kept = await client.post("/mcp", headers=HEADERS | {"x-request-id": "abc-123"})
        forged = await client.post("/mcp", headers=HEADERS | {"x-request-id": "a b" * 30})
    assert len(new.headers["x-request-id"]) == 16
    assert kept.headers["x-request-id"] == "abc-123"
    assert len(forged.headers["x-request-id"]) == 16
