"""compare_runs: the differences between two runs of a workflow."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from retab_mcp.tools.parameters import BlockFilter, RunId
from retab_mcp.tools.spec import ToolSpec

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
    title="Compare two runs",
    description="Compare two runs of a workflow step by step, worst difference first: where they "
    "diverge, statuses that differ, outputs that changed (path and both values), and differences "
    "in inputs, models, workflow version and duration. same_inputs counts steps with identical "
    "inputs but different outputs. Steps of a block that differ alike are one row; block_id "
    "lists each. Use it with a run that worked and one that did not; for one run, use get_run.",
    arguments=CompareRuns,
    answered_by="retab_mcp.answers.compare_runs:compare_runs",
)
