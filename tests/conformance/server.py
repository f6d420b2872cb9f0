"""The service with the fixtures of the conformance suite.

`python -m tests.conformance.server PORT` serves it on loopback. Tool calls that are not the
suite's are answered as usual, and everything else is the service as released.
"""

import logging
import sys
from typing import Any

import uvicorn
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, InputRequiredResult
from starlette.applications import Starlette

from retab_mcp.http.http_app import create_http_app
from retab_mcp.http.instrumentation import InstrumentedServer
from retab_mcp.http.metrics import Metrics
from retab_mcp.http.options import HttpOptions
from retab_mcp.queries.service import Service
from retab_mcp.settings import Settings
from tests.conformance import contents, questions

FIXTURES = frozenset(tool.__name__ for tool in (*contents.TOOLS, *questions.TOOLS))


class FixtureServer(InstrumentedServer):
    """The server with the suite's tools in addition to its own."""

    def __init__(self, settings: Settings, service: Service, metrics: Metrics) -> None:
        super().__init__(settings, service, metrics)
        contents.add_contents(self)
        questions.add_questions(self)

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[None, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Answer a fixture like the SDK, and everything else like RetabServer."""
        if name in FIXTURES:
            return await MCPServer.call_tool(self, name, arguments, context)
        return await super().call_tool(name, arguments, context)


def conformance_app() -> Starlette:
    """Return the app, with a shared key, since the suite sends no headers."""
    settings = Settings(api_key="of-nobody")
    metrics = Metrics()
    service = Service(settings.base_url)
    server = FixtureServer(settings, service, metrics)
    options = HttpOptions(shared_key=True)
    return create_http_app(options, settings, metrics=metrics, service=service, server=server)


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    uvicorn.run(conformance_app(), port=int(sys.argv[1]), log_level="error")
