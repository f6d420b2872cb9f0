"""The overview of a record: each section digested to its budget, and the way to the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

from retab_mcp.answers.answer import Cause, NextCall, Truncated
from retab_mcp.digest.digest import digest
from retab_mcp.digest.text import clip
from retab_mcp.models import Json

# Tokens by estimate of what explains a failure: a called API or a validator may make the message
# of any length, and so may the lines of code in a stack trace be.
MESSAGE_BUDGET = 300
STACK_TRACE_BUDGET = 250
DETAILS_BUDGET = 250


@dataclass(frozen=True)
class Section:
    """A value, the tokens that it may take by estimate, and where it lies in the record
    (default: under the section's name). `derived` is a value made of what lies there, so that
    no pointer leads into it."""

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
    return Overview(values, Truncated(shown=shown, total=total, unit="values", next=following))


def cause_sections(cause: Cause | None) -> dict[str, Section]:
    """Return the parts of a cause that may be of any length as sections of an overview."""
    if cause is None:
        return {}
    details = dict(cause.details or {})
    trace = details.pop("stack_trace", None)
    path = "/cause/details"
    return {
        "message": Section(cause.message, MESSAGE_BUDGET, "/cause/message"),
        "stack_trace": Section(trace, STACK_TRACE_BUDGET, f"{path}/stack_trace", derived=True),
        "details": Section(details, DETAILS_BUDGET, path),
    }


def cause_in(sections: Overview, cause: Cause | None) -> Cause | None:
    """Return the cause with what `cause_sections` made of it; the message stays text."""
    if cause is None:
        return None
    trace, details = sections.values["stack_trace"], sections.values["details"]
    if trace is not None:
        details = {"stack_trace": trace, **details}
    message = clip(cause.message or "", MESSAGE_BUDGET) or None
    return cause.model_copy(update={"message": message, "details": details})
