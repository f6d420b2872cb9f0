"""The demo: a real MCP client asks the real server about a failing sample run."""

import json
import os
import re
import sys
from collections.abc import Mapping
from typing import Any

import anyio
import click
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from retab_mcp.sandbox.samples import all_samples
from retab_mcp.sandbox.server import SANDBOX_KEY, running_sandbox
from retab_mcp.settings import API_KEY_VARIABLE, BASE_URL_VARIABLE

GENERATION = "g3"
# A run whose cause lies outside of Retab, so that the walk goes on from the run to its evidence.
SAMPLE = "erp-unavailable"
# Calls that the walk follows: the run, and what the answers suggest to read next.
MAX_CALLS = 3

_KEY = re.compile(r'^(\s*)("(?:[^"\\]|\\.)*")(:)', re.MULTILINE)


def run_demo() -> int:
    """Print the calls and answers that lead from a failed run to its cause; return 0.

    Needs no key and no network: the sandbox serves on loopback, the server runs as it does in an
    assistant, as a subprocess over stdio.
    """
    with running_sandbox(GENERATION) as base_url:
        anyio.run(_walk, base_url)
    return 0


async def _walk(base_url: str) -> None:
    sample = next(sample for sample in all_samples() if sample.name == SAMPLE)
    click.secho(f"\n{sample.title}\n", bold=True)
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "retab_mcp"],
        env={**os.environ, API_KEY_VARIABLE: SANDBOX_KEY, BASE_URL_VARIABLE: base_url},
    )
    tool, arguments = "get_run", {"run_id": sample.runs[0].id}
    made: list[tuple[str, dict[str, Any]]] = []
    async with Client(server) as client:
        while len(made) < MAX_CALLS:
            made.append((tool, arguments))
            answer = _read(await client.call_tool(tool, arguments))
            _print_call(tool, arguments, answer)
            following = [
                (call["tool"], call["arguments"])
                for call in answer.get("next_calls", [])
                if (call["tool"], call["arguments"]) not in made
            ]
            if not following:
                break
            tool, arguments = following[0]
    click.secho(f"{len(made)} calls from the run to its cause.\n", fg="green")


def _read(result: object) -> dict[str, Any]:
    if not isinstance(result, CallToolResult) or not isinstance(result.content[0], TextContent):
        raise TypeError("the server answered a tool call with something else than text")
    answer: dict[str, Any] = json.loads(result.content[0].text)
    return answer


def _print_call(tool: str, arguments: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    click.echo(click.style("▶ ", fg="green") + click.style(tool, bold=True) + f"({given})")
    text = json.dumps(answer, indent=2, ensure_ascii=False)
    click.echo(_KEY.sub(lambda found: found[1] + click.style(found[2], fg="cyan") + ":", text))
    click.echo()
