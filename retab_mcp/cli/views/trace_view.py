"""The page of trace_value's answer: the way of a value back to its origin."""

from collections.abc import Mapping
from typing import Any

from retab_mcp.cli.page.amounts import plain
from retab_mcp.cli.page.parts import Code, Fact, Heading, Line, Page, Tone, Words, words
from retab_mcp.cli.views.next_commands import next_fact, truncated_fact
from retab_mcp.cli.views.other_fields import label, lines_of, rest_of
from retab_mcp.cli.views.run_view import step_words

_SHOWN = {"step_id", "path", "value", "origin", "competing", "hops"}
_SHOWN_OF_ORIGIN = {"kind", "step_id", "block_id", "path", "value"}


def trace_page(fields: dict[str, Any]) -> Page:
    """Return where a value came from."""
    page: Page = [
        Heading((Code(plain(fields.get("value")), Tone.STRONG), Words("  "), Code(fields["path"]))),
        Fact("Found in", [(Code(fields["step_id"]), Words(" of "), Code(fields["run_id"]))]),
    ]
    if origin := fields.get("origin"):
        page.append(Fact("Came from", _origin(origin)))
        page += [
            Fact(label(name), list(lines_of(value, name)))
            for name, value in origin.items()
            if name not in _SHOWN_OF_ORIGIN
        ]
    if hops := fields.get("hops"):
        page.append(Fact("On the way", [line for hop in hops for line in _hop(hop)]))
    if competing := fields.get("competing"):
        page.append(Fact("Or from", [line for one in competing for line in _hop(one)]))
    return [*page, *rest_of(fields, _SHOWN), *truncated_fact(fields), *next_fact(fields)]


def _origin(origin: Mapping[str, Any]) -> list[Line]:
    lines = [words(origin["kind"].replace("_", " "), Tone.STRONG)]
    if origin.get("step_id"):
        lines.append((*step_words(origin), Words("  "), Code(origin.get("path", ""))))
        lines.append((Words("value "), Code(plain(origin.get("value")))))
    return lines


def _hop(hop: Mapping[str, Any]) -> list[Line]:
    said = hop.get("how") or hop.get("why") or ""
    known = f" ({hop['known_by']})" if hop.get("known_by") else ""
    if hop.get("last_step_id"):
        known += f" by {hop['blocks']} blocks, the last is {hop['last_step_id']}"
    return [
        (*step_words(hop), Words(f": {said}{known}") if said else Words("")),
        (Words("  "), Code(hop["path"]), Words(" = "), Code(plain(hop.get("value")))),
    ]
