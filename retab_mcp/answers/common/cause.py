"""The `cause` of a step, job or artifact, cut to fit an overview."""

from retab_mcp.answers.common.answer import Part
from retab_mcp.answers.common.overview import Overview, Section
from retab_mcp.digest.stack_trace import stack_trace
from retab_mcp.digest.text import clip
from retab_mcp.models import Json

# Estimated tokens of the parts of a cause: the message of a called API or a validator can have any
# length, and so can the lines of code in a stack trace.
MESSAGE_BUDGET = 300
STACK_TRACE_BUDGET = 250
DETAILS_BUDGET = 250


class CausePart(Part):
    """Why a run, step, job or artifact failed, waits or was cancelled."""

    step_id: str | None = None
    block_id: str | None = None
    label: str | None = None
    type: str | None = None
    message: str | None = None
    stage: str | None = None
    category: str | None = None
    kind: str | None = None
    evidence: Json = None
    reasons: list[str] = []
    suggestion: str | None = None
    details: Json = None


def cause_of(record: dict[str, Json]) -> CausePart | None:
    """Return the `cause` of a record as a part of an answer; None if there is none.

    A stack trace is shortened to the exception and the frames of the user's own code; the record
    has all of it at /cause/details/stack_trace.
    """
    cause = record.get("cause")
    if not cause:
        return None
    details = dict(cause.get("details", {}))
    if "stack_trace" in details:
        details["stack_trace"] = stack_trace(details["stack_trace"])
    return CausePart(**{**cause, "details": details or None})


def cause_sections(cause: CausePart | None) -> dict[str, Section]:
    """Return the parts of a cause that can have any length as sections of an overview."""
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


def cause_in(sections: Overview, cause: CausePart | None) -> CausePart | None:
    """Return the cause with its digested `cause_sections`; the message stays text."""
    if cause is None:
        return None
    trace, details = sections.values["stack_trace"], sections.values["details"]
    if trace is not None:
        details = {"stack_trace": trace, **details}
    message = cause.message
    if sections.truncated is not None:
        message = clip(message or "", MESSAGE_BUDGET) or None
    return cause.model_copy(update={"message": message, "details": details})
