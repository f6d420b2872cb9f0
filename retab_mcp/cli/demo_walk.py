"""The demo: a real MCP client asks the real server about a failed sample run."""

import json
import os
import sys

import anyio
import click
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from retab_mcp.cli.page.terminal import write_line, write_text
from retab_mcp.cli.views.run_view import run_page
from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.sandbox.recent import recent_samples
from retab_mcp.sandbox.server import RunningSandbox, running_sandbox
from retab_mcp.settings import API_KEY_VARIABLE, BASE_URL_VARIABLE

GENERATION = "g3"
# A run that failed outside Retab, so that the answer leads from the run to the evidence.
SAMPLE = "erp-unavailable"
# Samples that show something else, with the words for it.
TO_TRY = {
    "label-rejected": "why",
    "orders-for-each": "steps",
    "payroll-traceback": "why",
    "payments-rate": "compare",
}


def run_demo() -> None:
    """Print the question, the answer that names the cause, and what to try next.

    It needs no key and no network: the sandbox listens on loopback, and the server is a
    subprocess that speaks MCP over stdio, as with an assistant.
    """
    samples = {sample.name: sample for sample in recent_samples()}
    with running_sandbox(GENERATION, samples.values()) as sandbox:
        run_id = samples[SAMPLE].runs[0].id
        text = anyio.run(_ask, sandbox, run_id)
    click.secho(f"\nSample run: {samples[SAMPLE].title}", bold=True)
    write_line(f"The server is asked over MCP: get_run(run_id={run_id!r})\n")
    write_text(run_page(json.loads(text)))
    click.secho(f"\nAn assistant gets this in about {estimate_tokens(text)} tokens.", fg="green")
    click.secho("\nAsk about other sample runs:", bold=True)
    for name, command in TO_TRY.items():
        run = samples[name].runs[-1]
        click.echo(f"  retab-mcp sandbox {command} {run.id}")
        click.secho(f"    {samples[name].title}", dim=True)


async def _ask(sandbox: RunningSandbox, run_id: str) -> str:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "retab_mcp"],
        env={**os.environ, API_KEY_VARIABLE: sandbox.key, BASE_URL_VARIABLE: sandbox.base_url},
    )
    async with Client(server) as client:
        result = await client.call_tool("get_run", {"run_id": run_id})
    if not isinstance(result, CallToolResult) or not isinstance(result.content[0], TextContent):
        raise TypeError("the server did not answer a tool call with text")
    return result.content[0].text
