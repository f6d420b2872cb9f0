"""JSON answers by default, streams for progress, cancellation when a client disconnects."""

import json
from typing import Any

import anyio
import pytest
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from starlette.applications import Starlette
from starlette.types import Message, Scope

from retab_mcp.http.http_app import create_http_app
from retab_mcp.http.options import HttpOptions
from retab_mcp.settings import Settings
from tests.http.scene import (
    BASE_URL,
    HEADERS,
    KEY_OF_ACME,
    MODERN,
    bearer,
    connected,
    message,
    modern_headers,
    post,
)


class Slow(MCPServer[None]):
    """Return a server whose tool `work` reports progress and whose tool `wait` never ends."""

    def __init__(self) -> None:
        super().__init__("slow", log_level="ERROR")
        self.started = anyio.Event()
        self.ended = anyio.Event()
        self.add_tool(self.work, structured_output=False)
        self.add_tool(self.wait, structured_output=False)

    async def work(self, ctx: Context[None, Any]) -> str:
        await ctx.report_progress(1, 2, "half")
        return "done"

    async def wait(self) -> str:
        self.started.set()
        try:
            await anyio.sleep_forever()
        finally:
            self.ended.set()
        return "never"


def app_of(server: MCPServer[None]) -> Starlette:
    return create_http_app(HttpOptions(), Settings(base_url=BASE_URL), server=server)


async def test_an_answer_is_json() -> None:
    async with connected(app_of(Slow())) as client:
        response = await post(client, message("work", {}), bearer(KEY_OF_ACME))
    assert response.headers["content-type"] == "application/json"
    assert response.json()["result"]["content"][0]["text"] == "done"


@pytest.mark.parametrize("era", ["legacy", "modern"])
async def test_a_request_with_a_progress_token_gets_a_stream(era: str) -> None:
    meta = {"progressToken": 7} | (MODERN if era == "modern" else {})
    headers = bearer(KEY_OF_ACME) | (modern_headers("work") if era == "modern" else {})
    async with connected(app_of(Slow())) as client:
        response = await post(client, message("work", {}, **meta), headers)
    assert response.headers["content-type"].startswith("text/event-stream")
    lines = [line[6:] for line in response.text.splitlines() if line.startswith("data: ")]
    progress, answer = (json.loads(line) for line in lines)
    assert progress["params"] == {
        "progressToken": 7,
        "progress": 1.0,
        "total": 2.0,
        "message": "half",
    }
    assert answer["result"]["content"][0]["text"] == "done"


async def test_a_caller_that_does_not_accept_streams_gets_json() -> None:
    headers = bearer(KEY_OF_ACME) | {"accept": "application/json"}
    async with connected(app_of(Slow())) as client:
        response = await post(client, message("work", {}, progressToken=7), headers)
    assert response.headers["content-type"] == "application/json"


@pytest.mark.parametrize("era", ["legacy", "modern"])
@pytest.mark.parametrize("progress", [False, True])
async def test_a_call_is_cancelled_when_its_caller_disconnects(era: str, progress: bool) -> None:
    server = Slow()
    app = app_of(server)
    meta: dict[str, Any] = {"progressToken": 7} if progress else {}
    meta |= MODERN if era == "modern" else {}
    headers = HEADERS | bearer(KEY_OF_ACME) | {"host": "127.0.0.1:8000"}
    headers |= modern_headers("wait") if era == "modern" else {}
    body = json.dumps(message("wait", {}, **meta)).encode()
    incoming: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if incoming:
            return incoming.pop()
        await server.started.wait()
        return {"type": "http.disconnect"}

    async def send(_message: Message) -> None:
        pass

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/mcp",
        "raw_path": b"/mcp",
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
    }
    async with app.router.lifespan_context(app):
        with anyio.fail_after(10):
            await app(scope, receive, send)
            await server.ended.wait()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'"progressToken"', 400),
        (b'{"progressToken": 1}', 400),
        (b'{"params": {"_meta": [{"progressToken": 1}]}}', 400),
        (b'{"jsonrpc": "2.0", "method": "notifications/initialized"}', 202),
    ],
)
async def test_malformed_requests_get_protocol_errors(body: bytes, status: int) -> None:
    async with connected(app_of(Slow())) as client:
        headers = HEADERS | bearer(KEY_OF_ACME)
        response = await client.post("/mcp", content=body, headers=headers)
    assert response.status_code == status


async def test_requests_are_stateless() -> None:
    """A call needs no initialize request, and no response has a session id."""
    async with connected(app_of(Slow())) as client:
        response = await post(client, message("work", {}), bearer(KEY_OF_ACME))
    assert response.status_code == 200
    assert "mcp-session-id" not in response.headers
