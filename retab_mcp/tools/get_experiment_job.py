"""get_experiment_job: one document of an experiment run."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from retab_mcp.tools.parameters import (
    ExperimentId,
    ExperimentRunId,
    ExperimentWorkflowId,
    Path,
)
from retab_mcp.tools.spec import ToolSpec, search_hint


@dataclass(frozen=True, kw_only=True)
class GetExperimentJob:
    """Arguments of get_experiment_job."""

    run_id: ExperimentRunId
    document_id: Annotated[
        str, Field(description="Experiment document id (expdoc_…), result id or file name.")
    ]
    workflow_id: ExperimentWorkflowId = ""
    experiment_id: ExperimentId = ""
    path: Path = ""


TOOL = ToolSpec(
    name="get_experiment_job",
    title="Read one document of an experiment run",
    description="Show why one document of a Retab experiment failed or has a low score, or what it "
    "produced: the document's status, error, attempt, duration, inputs, outputs and artifact. Use "
    "it for ids that start with exprun_; for a workflow run (run_…) use get_run and get_step.",
    meta=search_hint("Retab experiment: one document, error, output"),
    arguments=GetExperimentJob,
    answered_by="retab_mcp.answers.get_experiment_job:get_experiment_job",
)
