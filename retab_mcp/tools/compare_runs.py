"""compare_runs: the differences between two runs of a workflow."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from retab_mcp.tools.parameters import BlockFilter, RunId
from retab_mcp.tools.spec import ToolSpec, search_hint

DIFFERENCE_ROWS, MAX_DIFFERENCE_ROWS = 10, 100


@dataclass(frozen=True, kw_only=True)
class CompareRuns:
    """Arguments of compare_runs."""

    run_id: RunId
    other_run_id: Annotated[
        str,
        Field(description="Id or URL of the run to compare with. Default: the last good run."),
    ] = ""
    block_id: BlockFilter = ""
    limit: Annotated[
        int,
        Field(
            description=f"Maximum rows (1-{MAX_DIFFERENCE_ROWS}, default {DIFFERENCE_ROWS}).",
            ge=1,
            le=MAX_DIFFERENCE_ROWS,
        ),
    ] = DIFFERENCE_ROWS


TOOL = ToolSpec(
    name="compare_runs",
    title="Find what changed between two runs",
    description="Compare a run of a Retab workflow with its last good one, or two runs, to find "
    "what is different and what changed or was edited since it worked. First the workflow version, "
    "block configuration, inputs and models, then step by step, worst first, statuses and outputs "
    "(path and both values, a and b) and durations. Without other_run_id, the last good run is "
    "taken. same_inputs counts steps with identical inputs but different outputs. Steps of a block "
    "that differ alike are one row; block_id lists each. For one run, use get_run.",
    meta=search_hint("Retab runs: what changed since it last worked"),
    arguments=CompareRuns,
    answered_by="retab_mcp.answers.compare_runs:compare_runs",
)
