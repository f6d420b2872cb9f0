"""A service under test: its app in memory, a Retab behind it, and callers with keys."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx
from mcp.types.version import LATEST_HANDSHAKE_VERSION, LATEST_MODERN_VERSION
from starlette.applications import Starlette
from starlette.types import ASGIApp

from retab_mcp.http.accepted_callers import AcceptedCallers
from retab_mcp.http.http_app import create_http_app
from retab_mcp.http.instrumentation import UpstreamObserver
from retab_mcp.http.metrics import Metrics
from retab_mcp.http.options import HttpOptions
from retab_mcp.queries.service import Service
from retab_mcp.retab.deadline import Sleep
from retab_mcp.settings import Settings

BASE_URL = "http://127.0.0.1:8765"
URL = "http://127.0.0.1:8000"

# Concatenated, so that secret scanners do not report them.
KEY_OF_ACME = "rt_" + "live_" + "acme0000000000000000"
KEY_OF_GLOBEX = "rt_" + "live_" + "globex00000000000000"

HEADERS = {
    "content-type": "application/json",
    "accept": "application/json, text/event-stream",
    "mcp-protocol-version": LATEST_HANDSHAKE_VERSION,
}

# What the newest protocol requires in each request's `_meta`.
MODERN = {
    "io.modelcontextprotocol/protocolVersion": LATEST_MODERN_VERSION,
    "io.modelcontextprotocol/clientCapabilities": {},
}


def modern_headers(tool: str) -> dict[str, str]:
    """Return the headers that the newest protocol requires for a tool call."""
    return {
        "mcp-protocol-version": LATEST_MODERN_VERSION,
        "mcp-method": "tools/call",
        "mcp-name": tool,
    }


class Tenants(httpx.AsyncBaseTransport):
    """A Retab that serves each key from an app of its own and refuses others."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = {f"Bearer {key}": httpx.ASGITransport(app=app) for key, app in apps.items()}
        self.paths: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.path)
        app = self._apps.get(request.headers.get("authorization", ""))
        if app is None:
            return httpx.Response(401, json={"detail": "Invalid API key"})
        return await app.handle_async_request(request)


def service_app(
    transport: httpx.AsyncBaseTransport,
    options: HttpOptions | None = None,
    *,
    own_key: str = "",
    sleep: Sleep = anyio.sleep,
) -> Starlette:
    """Return the app of a service that reads from `transport`."""
    metrics, accepted = Metrics(), AcceptedCallers()
    observer = UpstreamObserver(metrics, accepted)
    service = Service(BASE_URL, transport=transport, sleep=sleep, observer=observer)
    settings = Settings(api_key=own_key, base_url=BASE_URL)
    return create_http_app(
        options or HttpOptions(), settings, metrics=metrics, accepted=accepted, service=service
    )


@asynccontextmanager
async def connected(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """Yield an in-memory client of the app, which can be used once."""
    async with app.router.lifespan_context(app), client_of(app) as client:
        yield client


def client_of(app: Starlette, address: str = "127.0.0.1") -> httpx.AsyncClient:
    """Return an in-memory client of a running app, with this IP address."""
    transport = httpx.ASGITransport(app=app, client=(address, 50_000))
    return httpx.AsyncClient(transport=transport, base_url=URL)


def message(tool: str, arguments: Mapping[str, Any], **meta: Any) -> dict[str, Any]:
    """Return the JSON-RPC request of a tool call."""
    params: dict[str, Any] = {"name": tool, "arguments": dict(arguments)}
    if meta:
        params["_meta"] = meta
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


def bearer(key: str) -> dict[str, str]:
    """Return the header for a credential."""
    return {"authorization": f"Bearer {key}"}


async def post(
    client: httpx.AsyncClient, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """Send one message to the endpoint."""
    return await client.post("/mcp", json=body, headers={**HEADERS, **(headers or {})})


async def ask(
    client: httpx.AsyncClient, key: str, tool: str, arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the answer of a tool, which may be an error answer."""
    response = await post(client, message(tool, arguments), bearer(key))
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = json.loads(response.json()["result"]["content"][0]["text"])
    return answer


def ours(lines: list[str]) -> list[dict[str, Any]]:
    """Return the log lines of the service, without those of libraries."""
    parsed = [json.loads(line) for line in lines]
    return [line for line in parsed if line["logger"] == "retab_mcp.http"]
