"""Build the overview of a record: sections digested to their budgets."""

from collections.abc import Mapping
from dataclasses import dataclass

from retab_mcp.answers.common.answer import NextCall, Truncated
from retab_mcp.answers.common.truncation import whole_is_shorter
from retab_mcp.digest.digest import digest
from retab_mcp.models import Json


@dataclass(frozen=True)
class Section:
    """A value, its budget in estimated tokens and its pointer in the record.

    The default pointer is the section's name. A `derived` value was computed from the one in the
    record, so no pointer leads into it.
    """

    value: Json
    budget: int
    pointer: str = ""
    derived: bool = False


@dataclass(frozen=True)
class Overview:
    """The digested sections by name, and one `truncated` for all of them."""

    values: dict[str, Json]
    truncated: Truncated | None


def overview(sections: Mapping[str, Section], tool: str, arguments: Mapping[str, Json]) -> Overview:
    """Digest each section; `next` leads to the largest value that was left out.

    `tool`, called with `arguments` and `path`, reads a value of the record. Counts are of leaf
    values (scalars, empty objects and arrays).
    """
    values: dict[str, Json] = {}
    shown = total = 0
    omitted = ""
    omitted_leaves = 0
    for name, section in sections.items():
        if section.value in (None, "", [], {}):
            # Empty sections are left out of the answer, so they are not counted.
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
