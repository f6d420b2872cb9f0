"""Start a server as a client does, and ask it about a run. For the scripts beside it."""

import json
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import get_default_environment, stdio_client


async def ask(entry: dict[str, Any], run_id: str, **variables: str) -> dict[str, Any]:
    """Return the answer of get_run from a server started as an entry (command, args, env) says."""
    env = get_default_environment() | entry["env"] | variables
    server = StdioServerParameters(command=entry["command"], args=entry["args"], env=env)
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        await session.initialize()
        tools = (await session.list_tools()).tools
        assert "get_run" in {tool.name for tool in tools}
        result = await session.call_tool("get_run", {"run_id": run_id})
        answer: dict[str, Any] = json.loads(result.content[0].text)
        assert result.isError is ("error" in answer), answer
        return answer
