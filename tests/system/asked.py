"""Call any tool by its schema, and record the requests that it makes."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from mcp import Client
from mcp.types import CallToolResult, TextContent, Tool

from retab_mcp.queries.service import Service
from retab_mcp.sandbox.app import SANDBOX_KEY
from retab_mcp.server import build_server
from retab_mcp.settings import Settings
from tests.support.asking import BASE_URL
from tests.system.drive import Clock

Json = Any


@dataclass
class Watched(httpx.AsyncBaseTransport):
    """A transport that records every request."""

    inner: httpx.AsyncBaseTransport
    requests: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on."""
        self.requests.append(request)
        return await self.inner.handle_async_request(request)


@dataclass
class Tools:
    """The tools of a connected server."""

    client: Client
    listed: list[Tool]
    requests: list[httpx.Request]

    async def text(self, name: str, arguments: dict[str, Json]) -> str:
        """Return the text of an answer, error answers included."""
        result = await self.client.call_tool(name, arguments)
        assert isinstance(result, CallToolResult)
        assert isinstance(result.content[0], TextContent)
        return result.content[0].text

    async def answer(self, name: str, arguments: dict[str, Json]) -> Json:
        """Return an answer, decoded."""
        return json.loads(await self.text(name, arguments))


@asynccontextmanager
async def tools_over(
    transport: httpx.AsyncBaseTransport, key: str = SANDBOX_KEY
) -> AsyncIterator[Tools]:
    """Connect to a server that reaches Retab by this transport; sleeps take no time."""
    watched, clock = Watched(transport), Clock()
    service = Service(BASE_URL, transport=watched, clock=lambda: clock.seconds, sleep=clock.sleep)
    async with Client(build_server(Settings(api_key=key, base_url=BASE_URL), service)) as client:
        yield Tools(client, (await client.list_tools()).tools, watched.requests)
    await service.aclose()
