"""Connect an in-memory MCP client to the server, with a sandbox in place of Retab."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import httpx
from mcp import Client
from mcp.types import CallToolResult, TextContent
from starlette.applications import Starlette

from retab_mcp.queries.service import Service
from retab_mcp.sandbox.app import SANDBOX_KEY
from retab_mcp.server import build_server
from retab_mcp.settings import Settings

Mode = Literal["auto", "legacy"]

BASE_URL = "http://127.0.0.1:8765"


class Asker:
    """A connected client: `ask` returns an answer, `refused` an error answer."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def text(self, tool: str, **arguments: Any) -> str:
        """Return the text of an answer, which must not be an error."""
        result = await self._call(tool, arguments)
        text = text_of(result)
        assert not result.is_error, text
        return text

    async def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Return the answer as an object."""
        answer: dict[str, Any] = json.loads(await self.text(tool, **arguments))
        return answer

    async def refused(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Return the error answer as an object."""
        result = await self._call(tool, arguments)
        assert result.is_error, text_of(result)
        answer: dict[str, Any] = json.loads(text_of(result))
        return answer

    async def _call(self, tool: str, arguments: dict[str, Any]) -> CallToolResult:
        result = await self.client.call_tool(tool, arguments)
        assert isinstance(result, CallToolResult)
        return result


@asynccontextmanager
async def asking(
    app: Starlette,
    *,
    key: str = SANDBOX_KEY,
    mode: Mode = "auto",
    service: Service | None = None,
    structured_output: bool = False,
) -> AsyncIterator[Asker]:
    """Connect to a server that reads from `app`, a sandbox, over in-memory HTTP."""
    settings = Settings(api_key=key, base_url=BASE_URL, structured_output=structured_output)
    service = service or Service(BASE_URL, transport=httpx.ASGITransport(app=app))
    async with Client(build_server(settings, service), mode=mode) as client:
        yield Asker(client)
    await service.aclose()


def text_of(result: object) -> str:
    """Return the text of a tool's result, its only content."""
    assert isinstance(result, CallToolResult)
    assert len(result.content) == 1
    assert isinstance(result.content[0], TextContent)
    return result.content[0].text
