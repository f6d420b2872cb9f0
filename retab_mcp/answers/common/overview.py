"""The overview of a record: each section digested to its budget, and the way to the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

from retab_mcp.answers.common.answer import NextCall, Truncated
from retab_mcp.answers.common.truncation import whole_is_shorter
from retab_mcp.digest.digest import digest
from retab_mcp.models import Json


@dataclass(frozen=True)
class Section:
    """A value, its budget in tokens (by estimate) and its pointer in the record.

    The default pointer is the section's name. A `derived` value was made from the one in the
    record, so that no pointer leads into it.
    """

    value: Json
    budget: int
    pointer: str = ""
    derived: bool = False


@dataclass(frozen=True)
class Overview:
    """The digested sections by name, and what was left out of all of them together."""

    values: dict[str, Json]
    truncated: Truncated | None


def overview(sections: Mapping[str, Section], tool: str, arguments: Mapping[str, Json]) -> Overview:
    """Digest each section; `next` leads to the largest value that was left out.

    `tool` reads a value of the record when it is called with `arguments` and `path`. Counts are
    of leaf values (scalars, empty objects and arrays).
    """
    values: dict[str, Json] = {}
    shown = total = 0
    omitted = ""
    omitted_leaves = 0
    for name, section in sections.items():
        if section.value in (None, "", [], {}):
            # The answer leaves these out: they are no values that it shows.
            values[name] = section.value
            continue
        part = digest(section.value, section.budget, section.pointer or f"/{name}")
        values[name] = part.value
        shown += part.shown
        total += part.total
        if part.truncated and part.total - part.shown >= omitted_leaves:
            omitted_leaves = part.total - part.shown
            omitted = section.pointer if section.derived else part.omitted[0]
    if not omitted:
        return Overview(values, None)
    following = NextCall(tool=tool, arguments={**arguments, "path": omitted})
    truncated = Truncated(shown=shown, total=total, unit="values", next=following)
    whole = {name: section.value for name, section in sections.items()}
    if whole_is_shorter(whole, values, truncated):
        return Overview(whole, None)
    return Overview(values, truncated)
