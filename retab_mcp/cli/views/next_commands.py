"""The commands to type next, from the calls that an answer suggests to an assistant."""

import shlex
from collections.abc import Mapping
from typing import Any

from retab_mcp.cli.page.amounts import plain
from retab_mcp.cli.page.inert import printable
from retab_mcp.cli.page.parts import Fact, Line, Tone, code, words

# The commands of tools, with the arguments that they take by place.
_COMMANDS = {
    "get_run": ("why", ("run_id",)),
    "compare_runs": ("compare", ("run_id", "other_run_id")),
    "list_steps": ("steps", ("run_id",)),
    "trace_value": ("trace", ("run_id", "step_id", "path")),
}


def command_for(tool: str, arguments: Mapping[str, Any]) -> str:
    """Return the command line that asks what a call of a tool asks."""
    if tool == "get_run" and set(arguments) == {"run_id", "wait_seconds"}:
        wait = ["--wait", plain(arguments["wait_seconds"])]
        return shlex.join(["retab-mcp", "why", printable(plain(arguments["run_id"])), *wait])
    name, places = _COMMANDS.get(tool, ("", ()))
    if name and set(arguments) <= set(places) and "run_id" in arguments:
        words = [name, *(plain(arguments[each]) for each in places if each in arguments)]
    else:
        words = ["call", tool, *(f"{key}={plain(value)}" for key, value in arguments.items())]
    return shlex.join(["retab-mcp", *map(printable, words)])


def next_fact(fields: Mapping[str, Any]) -> list[Fact]:
    """Return the commands that add to an answer, with what they add; none if there are none."""
    lines: list[Line] = []
    for call in fields.get("next_calls", []):
        # The cursor of a page is signed by this process.
        if "cursor" in call["arguments"]:
            continue
        lines.append(code(command_for(call["tool"], call["arguments"])))
        if call.get("reason"):
            lines.append(words(f"  {call['reason']}", Tone.DIM))
    return [Fact("Next", lines)] if lines else []


def truncated_fact(fields: Mapping[str, Any]) -> list[Fact]:
    """Return what an answer left out, and the command that reads it."""
    cut = fields.get("truncated")
    if not cut:
        return []
    total = cut.get("total")
    count = f"{total:,}" if total is not None else f"at least {cut.get('at_least', 0):,}"
    said = f"{cut['shown']:,} of {count} {cut['unit']} are shown"
    lines = [words(f"{said}: {cut['why']}" if cut.get("why") else said, Tone.WARN)]
    following = cut.get("next")
    if following and "cursor" not in following["arguments"]:
        lines.append(code(command_for(following["tool"], following["arguments"])))
    return [Fact("Left out", lines)]
