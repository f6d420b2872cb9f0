"""The demo: a real MCP client asks the real server about a failed sample run."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import anyio
import click
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.sandbox.samples import all_samples
from retab_mcp.sandbox.server import RunningSandbox, running_sandbox
from retab_mcp.settings import API_KEY_VARIABLE, BASE_URL_VARIABLE

GENERATION = "g3"
# A run that failed outside Retab, so that the demo leads from the run to the evidence.
SAMPLE = "erp-unavailable"
# The first call, and the calls that answers suggest.
MAX_CALLS = 3

# Levels of an answer that are printed line by line; each deeper value is on one line.
OPEN_LEVELS = 2


def run_demo() -> None:
    """Print the calls and answers that lead from a failed run to its cause.

    It needs no key and no network: the sandbox listens on loopback, and the server is a
    subprocess that speaks MCP over stdio, as with an assistant.
    """
    with running_sandbox(GENERATION) as sandbox:
        anyio.run(_walk, sandbox)


async def _walk(sandbox: RunningSandbox) -> None:
    sample = next(sample for sample in all_samples() if sample.name == SAMPLE)
    click.secho(f"\n{sample.title}\n", bold=True)
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "retab_mcp"],
        env={**os.environ, API_KEY_VARIABLE: sandbox.key, BASE_URL_VARIABLE: sandbox.base_url},
    )
    tool, arguments = "get_run", {"run_id": sample.runs[0].id}
    made: list[tuple[str, dict[str, Any]]] = []
    async with Client(server) as client:
        while len(made) < MAX_CALLS:
            made.append((tool, arguments))
            text = _text(await client.call_tool(tool, arguments))
            _print_call(tool, arguments, text)
            following = [
                (call["tool"], call["arguments"])
                for call in json.loads(text).get("next_calls", [])
                if (call["tool"], call["arguments"]) not in made
            ]
            if not following:
                break
            tool, arguments = following[0]
    click.secho("The first answer names the cause.\n", fg="green")


def _text(result: object) -> str:
    if not isinstance(result, CallToolResult) or not isinstance(result.content[0], TextContent):
        raise TypeError("the server did not answer a tool call with text")
    return result.content[0].text


def _print_call(tool: str, arguments: Mapping[str, Any], text: str) -> None:
    given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    click.echo(click.style("▶ ", fg="green") + click.style(tool, bold=True) + f"({given})")
    for line in _lines(json.loads(text), OPEN_LEVELS):
        click.echo("  " + line)
    click.secho(f"  about {estimate_tokens(text)} tokens\n", dim=True)


def _lines(fields: Mapping[str, Any], levels: int) -> Iterator[str]:
    """Yield a line for each field of an object."""
    for name, value in fields.items():
        label = click.style(name, fg="red" if name == "cause" else "cyan")
        if levels > 1 and isinstance(value, dict):
            yield f"{label}:"
            yield from ("  " + line for line in _lines(value, levels - 1))
        else:
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield f"{label}: {shown}"
