"""get_eval_run: the results of a run of evals."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from retab_mcp.tools.parameters import Cursor
from retab_mcp.tools.spec import ToolSpec, search_hint

EVAL_ROWS, MAX_EVAL_ROWS = 20, 100


@dataclass(frozen=True, kw_only=True)
class GetEvalRun:
    """Arguments of get_eval_run."""

    run_id: Annotated[
        str,
        Field(description="Eval run id (wfevalrun_…) or URL; a workflow's id lists its eval runs."),
    ]
    limit: Annotated[
        int,
        Field(
            description=f"Maximum rows (1-{MAX_EVAL_ROWS}, default {EVAL_ROWS}).",
            ge=1,
            le=MAX_EVAL_ROWS,
        ),
    ] = EVAL_ROWS
    cursor: Cursor = ""


TOOL = ToolSpec(
    name="get_eval_run",
    title="See which evals of a workflow failed",
    description="Show which evals of a Retab workflow (tests, or checks, of its blocks) failed, "
    "worst first: the assertion, the expected and the actual value, and why. With a workflow's id "
    "it lists its eval runs. For experiments, use get_experiment_run.",
    meta=search_hint("Retab evals: failed tests, expected, actual"),
    arguments=GetEvalRun,
    answered_by="retab_mcp.answers.get_eval_run:get_eval_run",
)
