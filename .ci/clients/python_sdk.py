"""Drive the server with the first generation of the Python SDK (mcp 1.30).

RETAB_API_BASE_URL and RETAB_API_KEY name the sandbox.
"""

import asyncio
import json
import os

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import PromptReference
from pydantic import AnyUrl

VARIABLES = ("RETAB_API_BASE_URL", "RETAB_API_KEY")


async def main() -> None:
    """Use each kind of thing that the server offers."""
    environment = {name: os.environ[name] for name in VARIABLES} | {"PATH": os.environ["PATH"]}
    server = StdioServerParameters(command="uvx", args=["retab-mcp"], env=environment)
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        await session.initialize()
        tools = [tool.name for tool in (await session.list_tools()).tools]
        assert "get_run" in tools, tools
        listed = await session.call_tool("list_runs", {"status": "error", "limit": 1})
        run_id = json.loads(listed.content[0].text)["rows"][0]["run_id"]
        answer = await session.call_tool("get_run", {"run_id": run_id})
        assert not answer.isError
        assert json.loads(answer.content[0].text)["cause"]["step_id"]
        refused = await session.call_tool("get_run", {"run_id": "run_none"})
        assert refused.isError
        prompt = await session.get_prompt("debug_run", {"run_id": run_id})
        assert run_id in prompt.messages[0].content.text
        read = await session.read_resource(AnyUrl(f"retab://runs/{run_id}"))
        assert json.loads(read.contents[0].text)["run_id"] == run_id
        reference = PromptReference(type="ref/prompt", name="debug_run")
        completed = await session.complete(reference, {"name": "run_id", "value": run_id[:9]})
        assert run_id in completed.completion.values
    print("mcp 1.30: tools, a prompt, a resource and a completion")


asyncio.run(main())
