"""get_experiment_job: one document of an experiment run."""

from datetime import datetime
from typing import ClassVar

from retab_mcp.analysis.records import job_record
from retab_mcp.answers.common.answer import Answer
from retab_mcp.answers.common.calls import read_artifact
from retab_mcp.answers.common.cause import CausePart, cause_in, cause_of, cause_sections
from retab_mcp.answers.common.classified import job_cause, with_cause
from retab_mcp.answers.common.drill_down import read_value
from retab_mcp.answers.common.overview import Section, overview
from retab_mcp.answers.common.shown import shown_of
from retab_mcp.models import ArtifactRef, Json
from retab_mcp.queries.ids import (
    DOCUMENT,
    EXPERIMENT,
    EXPERIMENT_RUN,
    WORKFLOW,
    read_id,
    read_optional_id,
)
from retab_mcp.queries.inspector import Inspector
from retab_mcp.tools.get_experiment_job import GetExperimentJob

# Estimated tokens of each section, as in get_step.
INPUTS_BUDGET = 350
OUTPUTS_BUDGET = 350

# Fields of the record that are shown as they are.
SHOWN = (
    *("experiment_id", "workflow_id", "type", "attempt", "created_at", "started_at"),
    *("completed_at", "duration_ms", "reason", "artifact"),
)


class GetExperimentJobAnswer(Answer):
    """The job of one document, or the value at `path` in it.

    `attempt` counts from 1 and is left out for the first.
    """

    names_hidden: ClassVar[bool] = True

    run_id: str
    document_id: str
    job_id: str
    status: str
    experiment_id: str | None = None
    workflow_id: str | None = None
    type: str | None = None
    attempt: int | None = None
    placeholder: bool | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    duration_ms: int | None = None
    cause: CausePart | None = None
    reason: str | None = None
    handle_inputs: Json = None
    handle_outputs: Json = None
    artifact: ArtifactRef | None = None
    path: str | None = None
    value: Json = None


async def get_experiment_job(
    inspector: Inspector, request: GetExperimentJob
) -> GetExperimentJobAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    ids = {
        "run_id": read_id(request.run_id, EXPERIMENT_RUN),
        "document_id": read_id(request.document_id, DOCUMENT),
        "workflow_id": read_optional_id(request.workflow_id, WORKFLOW),
        "experiment_id": read_optional_id(request.experiment_id, EXPERIMENT),
    }
    job = await inspector.experiment_job(**ids)
    arguments = {name: value for name, value in ids.items() if value}
    record = job_record(job)
    head = {
        "run_id": job.run_id,
        "document_id": job.document_id,
        "job_id": job.id,
        "status": job.status,
    }
    cause = job_cause(job, cause_of(record))
    if request.path:
        record = with_cause(record, cause)
        value = read_value(record, request.path, "get_experiment_job", arguments)
        return GetExperimentJobAnswer(
            **head,
            path=value.path,
            value=value.value,
            truncated=value.truncated,
        )
    sections = overview(
        {
            **cause_sections(cause),
            "handle_inputs": Section(job.handle_inputs, INPUTS_BUDGET),
            "handle_outputs": Section(job.handle_outputs, OUTPUTS_BUDGET),
        },
        "get_experiment_job",
        arguments,
    )
    return GetExperimentJobAnswer(
        **head,
        **shown_of(record, SHOWN),
        placeholder=job.is_placeholder or None,
        cause=cause_in(sections, cause),
        handle_inputs=sections.values["handle_inputs"],
        handle_outputs=sections.values["handle_outputs"],
        truncated=sections.truncated,
        next_calls=[read_artifact(job.artifact)] if job.artifact else [],
    )
