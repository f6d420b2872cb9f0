"""A server on the bare SDK with a tool for each route, which answers the API's JSON as it is.

python -m benchmarks.peer_servers.raw BASE_URL KEY
"""

import sys
from typing import Any

import anyio
import httpx
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    TextContent,
    Tool,
)

from benchmarks.peer_servers.routes import ROUTES, ids_in, schema_of


def tools() -> list[Tool]:
    """Return a tool for each route."""
    return [
        Tool(
            name=route.name,
            description=route.about,
            input_schema={
                "type": "object",
                "properties": {
                    name: schema_of(route, name)
                    for name in (*ids_in(route.path), *route.query, *route.lists)
                },
                **({"required": ids} if (ids := ids_in(route.path)) else {}),
            },
        )
        for route in ROUTES
    ]


async def serve(base_url: str, key: str) -> None:
    """Serve over stdio until the client leaves."""
    by_name = {route.name: route for route in ROUTES}
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as http:

        async def list_tools(context: Any, params: Any) -> ListToolsResult:
            return ListToolsResult(tools=tools())

        async def call_tool(context: Any, params: CallToolRequestParams) -> CallToolResult:
            route, given = by_name[params.name], dict(params.arguments or {})
            path = route.path.format(**{name: given.pop(name) for name in ids_in(route.path)})
            response = await http.get(path, params=given)
            content = [TextContent(type="text", text=response.text)]
            return CallToolResult(content=content, is_error=response.is_error)

        server: Server[Any] = Server("raw", on_list_tools=list_tools, on_call_tool=call_tool)
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())


if __name__ == "__main__":
    anyio.run(serve, sys.argv[1], sys.argv[2])
