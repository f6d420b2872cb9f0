"""The MCP endpoint: stateless, JSON answers, streams for callers that ask for progress."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pydantic_core
from mcp.server import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from retab_mcp.http.guards import MAX_BODY_BYTES

# A client that leaves is noticed no sooner. Answers out of memory take less.
UNWATCHED_SECONDS = 0.1

_PROGRESS_TOKEN = "progressToken"  # noqa: S105 (a name in the protocol)


class McpEndpoint:
    """Serves `server` to any number of callers, keeping nothing between requests.

    The SDK's manager of JSON answers costs least, but drops progress and does not notice a
    client that leaves; its manager of streams does both. Hence two over one server: the first
    is watched from here, the second gets the requests with a progress token.
    """

    def __init__(self, server: MCPServer[None]) -> None:
        self._json = _manager(server, json_response=True)
        self._stream = _manager(server, json_response=False)

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Serve requests within this context; once only."""
        async with self._json.run(), self._stream.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one POST."""
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        replay = _Replay(message, receive)
        if _wants_progress(message.get("body", b"")) and _accepts_stream(scope):
            await self._stream.handle_request(scope, replay, send)
        else:
            await self._serve_json(scope, replay, send)

    async def _serve_json(self, scope: Scope, replay: "_Replay", send: Send) -> None:
        watching: list[asyncio.Task[None]] = []

        async def cancel_when_gone() -> None:
            await replay.disconnected()
            serving.cancel()

        # Most answers come before it is worth a task to watch for whether they are still wanted.
        watch = asyncio.get_running_loop().call_later(
            UNWATCHED_SECONDS, lambda: watching.append(asyncio.create_task(cancel_when_gone()))
        )
        try:
            with anyio.CancelScope() as serving:
                await self._json.handle_request(scope, replay.body_only, send)
        finally:
            watch.cancel()
            for task in watching:
                task.cancel()


class _Replay:
    """`receive` for a request whose body was read already (`first`, whole)."""

    def __init__(self, first: Message, receive: Receive) -> None:
        self._first: Message | None = first
        self._receive = receive

    async def __call__(self) -> Message:
        """Give the body, then whatever comes after it."""
        first, self._first = self._first, None
        return first if first is not None else await self._receive()

    async def body_only(self) -> Message:
        """Give the body, then nothing: what comes after is another task's to read."""
        first, self._first = self._first, None
        if first is None:
            await anyio.sleep_forever()
            raise AssertionError
        return first

    async def disconnected(self) -> None:
        """Return when the client is gone."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


def _manager(server: MCPServer[None], *, json_response: bool) -> StreamableHTTPSessionManager:
    server.streamable_http_app(
        json_response=json_response,
        stateless_http=True,
        max_request_body_size=MAX_BODY_BYTES,
        # Host and Origin were checked before anything was read.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    # Each app has a manager of its own, which the server shows until the next app is made.
    return server.session_manager


def _wants_progress(body: bytes) -> bool:
    """Whether `params._meta` has a progress token. Anything malformed is the SDK's to refuse."""
    if _PROGRESS_TOKEN.encode() not in body:
        return False
    try:
        message = pydantic_core.from_json(body)
        return message["params"]["_meta"].get(_PROGRESS_TOKEN) is not None
    except (ValueError, LookupError, TypeError, AttributeError):
        return False


def _accepts_stream(scope: Scope) -> bool:
    """Whether the client reads streams; one that does not still gets its answer as JSON."""
    accept = Headers(scope=scope).get("accept", "")
    return "text/event-stream" in accept or "*/*" in accept
