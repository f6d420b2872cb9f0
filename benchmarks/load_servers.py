"""Servers for benchmarks/load.py: a Retab API with latency, and a bare SDK server.

python -m benchmarks.load_servers (retab PORT | bare PORT | bare-stdio)
"""

import sys

import anyio
import uvicorn
from mcp.server import MCPServer
from starlette.types import ASGIApp, Receive, Scope, Send

from retab_mcp.sandbox.app import SANDBOX_KEY, create_app
from tests.samples import all_samples

# The least that a request to Retab takes within a region.
LATENCY_SECONDS = 0.02

# Every key with this prefix is accepted, so that each client has its own.
KEY_PREFIX = SANDBOX_KEY + "0"


class SlowRetab:
    """A sandbox that accepts many keys and delays each response by 20 ms."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await anyio.sleep(LATENCY_SECONDS)
        known = f"Bearer {SANDBOX_KEY}".encode()
        wanted = f"Bearer {KEY_PREFIX}".encode()
        scope["headers"] = [
            (name, known if name == b"authorization" and value.startswith(wanted) else value)
            for name, value in scope["headers"]
        ]
        await self._app(scope, receive, send)


def bare_server() -> MCPServer[None]:
    """Return an SDK server with one no-op tool."""
    server = MCPServer("bare", log_level="ERROR")

    @server.tool(structured_output=False)
    async def noop() -> str:
        """Do nothing."""
        return "ok"

    return server


def bare_app() -> ASGIApp:
    """Return the bare server over HTTP, stateless and with JSON responses."""
    return bare_server().streamable_http_app(json_response=True, stateless_http=True)


def main() -> None:
    """Serve until the process is ended."""
    role = sys.argv[1]
    if role == "bare-stdio":
        bare_server().run("stdio")
        return
    app = SlowRetab(create_app("g3", all_samples())) if role == "retab" else bare_app()
    uvicorn.run(
        app,
        port=int(sys.argv[2]),
        log_level="error",
        access_log=False,
        lifespan="off" if role == "retab" else "on",
    )


if __name__ == "__main__":
    main()
