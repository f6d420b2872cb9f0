"""The page of an answer that has no view of its own."""

from typing import Any

from retab_mcp.cli.page.parts import Page
from retab_mcp.cli.views.next_commands import next_fact, truncated_fact
from retab_mcp.cli.views.other_fields import rest_of


def any_page(fields: dict[str, Any]) -> Page:
    """Return the fields of an answer, one after the other."""
    return [*rest_of(fields, set()), *truncated_fact(fields), *next_fact(fields)]
