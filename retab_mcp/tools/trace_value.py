"""trace_value: where a value in a run came from."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from retab_mcp.tools.get_step import StepId
from retab_mcp.tools.parameters import RunId
from retab_mcp.tools.spec import ToolSpec, search_hint


@dataclass(frozen=True, kw_only=True)
class TraceValue:
    """Arguments of trace_value."""

    run_id: RunId
    step_id: StepId
    path: Annotated[
        str,
        Field(
            description="JSON Pointer to one value, as get_step, search_run or a finding gives it."
        ),
    ]


TOOL = ToolSpec(
    name="trace_value",
    title="Trace where a value came from",
    description="Trace where a wrong or missing value or field of a Retab run came from and where "
    "it turned wrong: the steps back to its origin (a document's page and text, API response, "
    "review edit, run input or computation), and what else could have been taken. Use it when "
    "get_run or get_step shows the value.",
    meta=search_hint("Retab wrong or missing value: where it came from"),
    arguments=TraceValue,
    answered_by="retab_mcp.answers.trace_value:trace_value",
)
