"""Drive the server with langchain-mcp-adapters.

RETAB_API_BASE_URL and RETAB_API_KEY name the sandbox.
"""

import asyncio
import json
import os

from langchain_mcp_adapters.client import MultiServerMCPClient


async def main() -> None:
    """List the tools, and call two of them as an agent would."""
    server = {
        "transport": "stdio",
        "command": "uvx",
        "args": ["retab-mcp"],
        "env": dict(os.environ),
    }
    client = MultiServerMCPClient({"retab-runs": server})
    async with client.session("retab-runs") as session:
        from langchain_mcp_adapters.tools import load_mcp_tools

        tools = {tool.name: tool for tool in await load_mcp_tools(session)}
        assert len(tools) >= 12, sorted(tools)
        listed = _text(await tools["list_runs"].ainvoke({"status": "error", "limit": 1}))
        run_id = json.loads(listed)["rows"][0]["run_id"]
        answer = json.loads(_text(await tools["get_run"].ainvoke({"run_id": run_id})))
        assert answer["cause"]["step_id"]
    print(f"langchain-mcp-adapters: {len(tools)} tools, two calls")


def _text(content: object) -> str:
    """Return the text of a result, which newer versions give as a list of blocks."""
    return content if isinstance(content, str) else content[0]["text"]


asyncio.run(main())
