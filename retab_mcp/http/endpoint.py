"""The MCP endpoint: stateless, JSON answers, streams for callers that want progress."""

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

# Arguments are ids, words and cursors.
MAX_BODY_BYTES = 256 * 1024

# Requests that end sooner are not watched for a client that disconnects; cached answers do.
UNWATCHED_SECONDS = 0.1

_PROGRESS_TOKEN = "progressToken"  # noqa: S105 (a name in the protocol)


class McpEndpoint:
    """Serve `server` to any number of callers; keep nothing between requests.

    The SDK's manager of JSON answers is the cheapest, but it drops progress and does not notice
    when a client disconnects. Its manager of streams handles both. So there are two managers for
    one server: this class watches the first, and requests with a progress token go to the second.
    """

    def __init__(self, server: MCPServer[None]) -> None:
        self._json = _manager(server, json_response=True)
        self._stream = _manager(server, json_response=False)

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Serve requests within this context, which can be entered once."""
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

        # Most answers are faster than it takes to start a task that watches the client.
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
    """A `receive` for a request whose whole body has been read already (`first`)."""

    def __init__(self, first: Message, receive: Receive) -> None:
        self._first: Message | None = first
        self._receive = receive

    async def __call__(self) -> Message:
        """Return the body, then the messages after it."""
        first, self._first = self._first, None
        return first if first is not None else await self._receive()

    async def body_only(self) -> Message:
        """Return the body, then wait forever: another task reads the messages after it."""
        first, self._first = self._first, None
        if first is None:
            await anyio.sleep_forever()
            raise AssertionError
        return first

    async def disconnected(self) -> None:
        """Return when the client has disconnected."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


def _manager(server: MCPServer[None], *, json_response: bool) -> StreamableHTTPSessionManager:
    server.streamable_http_app(
        json_response=json_response,
        stateless_http=True,
        max_request_body_size=MAX_BODY_BYTES,
        # Host and Origin have been checked by RequestChecks.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    # Each app gets a new manager; the server exposes only the latest.
    return server.session_manager


def _wants_progress(body: bytes) -> bool:
    """Return whether `params._meta` has a progress token; the SDK refuses malformed messages."""
    if _PROGRESS_TOKEN.encode() not in body:
        return False
    try:
        message = pydantic_core.from_json(body)
        return message["params"]["_meta"].get(_PROGRESS_TOKEN) is not None
    except (ValueError, LookupError, TypeError, AttributeError):
        return False


def _accepts_stream(scope: Scope) -> bool:
    """Return whether the client reads streams; one that does not gets its answer as JSON."""
    accept = Headers(scope=scope).get("accept", "")
    return "text/event-stream" in accept or "*/*" in accept
