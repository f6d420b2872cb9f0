"""get_step: one step of a run."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from retab_mcp.tools.parameters import Path, RunId
from retab_mcp.tools.spec import ToolSpec, search_hint

StepId = Annotated[
    str,
    Field(
        description="Step id as answers print it, or a block id. In a loop, a block means "
        "its first failed step, else its last."
    ),
]


@dataclass(frozen=True, kw_only=True)
class GetStep:
    """Arguments of get_step."""

    run_id: RunId
    step_id: StepId
    path: Path = ""


TOOL = ToolSpec(
    name="get_step",
    title="Read what went into a step and came out",
    description="Show what went into one step of a Retab run, or a block, as input and what came "
    "out as output. Both (handle_inputs, handle_outputs) are a shape with samples and outliers; "
    "also status, error, timing, retries and position in loops. path=/config reads the "
    "configuration of its block as it ran. Use it once get_run or list_steps has named a step. For "
    "an API call's attempts, likelihoods or condition results, use get_artifact.",
    meta=search_hint("Retab step: error, inputs, outputs, block config"),
    arguments=GetStep,
    answered_by="retab_mcp.answers.get_step:get_step",
)
