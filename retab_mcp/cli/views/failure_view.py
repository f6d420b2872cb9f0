"""What a person reads when a command could not be answered."""

from collections.abc import Iterator, Mapping
from typing import Any

import click

from retab_mcp.cli.hints_for_people import hint_for_people
from retab_mcp.cli.page.amounts import plain
from retab_mcp.cli.page.inert import printable

# Facts of an error answer that help a person; the others repeat the arguments.
_SHOWN = ("ids", "children", "nearest", "blocks", "step_ids", "status", "request_id")


def failure_lines(fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines about an error answer: what happened, what to do, and facts."""
    command = click.get_current_context().command_path
    yield f"{command}: {printable(str(fields.get('error', '')))}"
    if hint := hint_for_people(fields):
        yield f"  {printable(hint)}"
    for name in _SHOWN:
        value = fields.get(name)
        if value not in (None, [], ""):
            shown = ", ".join(map(plain, value)) if isinstance(value, list) else plain(value)
            yield f"  {name}: {printable(shown)}"
