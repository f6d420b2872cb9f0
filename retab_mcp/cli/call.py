"""`retab-mcp call`."""

import json
from typing import Any, get_type_hints

import click

from retab_mcp.cli.asking import ask, output_options, show
from retab_mcp.cli.command_error import CommandError


@click.command
@click.argument("tool")
@click.argument("arguments", nargs=-1, metavar="[NAME=VALUE]...")
@output_options
def command(tool: str, arguments: tuple[str, ...], form: str | None) -> int:
    """Call any tool and print its answer as JSON, exactly as an assistant gets it.

    \b
    Example: retab-mcp call get_step run_id=run_… step_id=extract
    """
    from retab_mcp.cli.views.any_view import any_page
    from retab_mcp.tools.catalog import TOOLS

    specs = {spec.name: spec for spec in TOOLS}
    if tool not in specs:
        raise CommandError(f"there is no tool {tool!r}. The tools are: {', '.join(specs)}.")
    types = get_type_hints(specs[tool].arguments)
    return show(ask(tool, _read(arguments, types)), form or "json", any_page)


def _read(arguments: tuple[str, ...], types: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments by name, with the types that the tool has for them.

    Raises CommandError for one without a name. The tool itself refuses unknown names and bad
    values.
    """
    read: dict[str, Any] = {}
    for argument in arguments:
        name, separator, value = argument.partition("=")
        if not separator or not name:
            raise CommandError(
                f"{argument!r} is not NAME=VALUE. The names are: {', '.join(types)}."
            )
        if name in read:
            raise CommandError(f"{name} is given twice.")
        read[name] = value if types.get(name) is str else _as_json(value)
    return read


def _as_json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
