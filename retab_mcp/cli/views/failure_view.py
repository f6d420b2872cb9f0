"""What a person reads when a command could not be answered."""

from collections.abc import Iterator, Mapping
from typing import Any

import click

from retab_mcp.cli.page.amounts import plain
from retab_mcp.cli.page.inert import printable
from retab_mcp.settings import API_KEY_VARIABLE, BASE_URL_VARIABLE

# Hints for an assistant, in the words for a person at a terminal.
_HINTS = {
    "unauthorized": f"Retab refused the API key in {API_KEY_VARIABLE}. Run: retab-mcp check",
    "forbidden": "This API key may not read this. Run: retab-mcp check",
    "not_configured": f"Set {API_KEY_VARIABLE}, or try the samples: retab-mcp sandbox",
    "not_found": "Check the id. The key may be for another environment (test or production).",
    "unavailable": f"Check {BASE_URL_VARIABLE} and the network. Run: retab-mcp check",
    "rate_limited": "Wait, then try again.",
    "timeout": "Try again, or ask for fewer days.",
}
# Facts of an error answer that help a person; the others repeat the arguments.
_SHOWN = ("ids", "children", "nearest", "blocks", "step_ids", "status", "request_id")


def failure_lines(fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines about an error answer: what happened, what to do, and facts."""
    command = click.get_current_context().command_path
    yield f"{command}: {printable(str(fields.get('error', '')))}"
    hint = _HINTS.get(str(fields.get("kind"))) or str(fields.get("hint", ""))
    if hint:
        yield f"  {printable(hint)}"
    for name in _SHOWN:
        value = fields.get(name)
        if value not in (None, [], ""):
            shown = ", ".join(map(plain, value)) if isinstance(value, list) else plain(value)
            yield f"  {name}: {printable(shown)}"
