"""get_experiment_run: the documents of an experiment run, alone or against another run."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from retab_mcp.tools.parameters import (
    Cursor,
    ExperimentId,
    ExperimentWorkflowId,
)
from retab_mcp.tools.spec import ToolSpec, search_hint

DOCUMENT_ROWS, MAX_DOCUMENT_ROWS = 20, 200


@dataclass(frozen=True, kw_only=True)
class GetExperimentRun:
    """Arguments of get_experiment_run."""

    run_id: Annotated[
        str,
        Field(
            description="Experiment run id (exprun_…) or URL; an experiment's id lists its runs, a "
            "workflow's (with workflow_id also a block's) its experiments."
        ),
    ]
    compare_to: Annotated[
        str,
        Field(description="Another run of the same experiment to compare with. Default: none."),
    ] = ""
    workflow_id: ExperimentWorkflowId = ""
    experiment_id: ExperimentId = ""
    limit: Annotated[
        int,
        Field(
            description=f"Maximum rows (1-{MAX_DOCUMENT_ROWS}, default {DOCUMENT_ROWS}).",
            ge=1,
            le=MAX_DOCUMENT_ROWS,
        ),
    ] = DOCUMENT_ROWS
    cursor: Cursor = ""


TOOL = ToolSpec(
    name="get_experiment_run",
    title="Read an experiment run",
    description="Show the results of a Retab experiment run (exprun_…) by test document, worst "
    "first: which failed, their scores, and failures grouped by message. compare_to adds what "
    "changed compared with an earlier run, over the documents in both: settings, statuses that "
    "flipped, scores and values. For one document's inputs and error, use get_experiment_job; for "
    "workflow runs (run_…), compare_runs.",
    meta=search_hint("Retab experiment: documents, scores, failures"),
    arguments=GetExperimentRun,
    answered_by="retab_mcp.answers.get_experiment_run:get_experiment_run",
)
