"""The experiments of a workflow or of one of its blocks, newest first."""

from collections.abc import Sequence
from datetime import datetime

from retab_mcp.answers.common.answer import NextCall, Part, Truncated
from retab_mcp.answers.common.experiment_comparison import rounded_score
from retab_mcp.digest.text import clip
from retab_mcp.models import ErrorKind
from retab_mcp.models.experiment import Experiment
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.ids import (
    BLOCK,
    EXPERIMENT,
    EXPERIMENT_RUN,
    WORKFLOW,
    is_of_kind,
    read_id,
    read_optional_id,
)
from retab_mcp.retab.api import RetabApi

NAME_TOKENS = 20


class ExperimentListRow(Part):
    """An experiment; `score` is that of its last run, from 0 to 1."""

    experiment_id: str
    name: str | None = None
    block_id: str | None = None
    status: str | None = None
    score: float | None = None
    document_count: int | None = None
    last_run_id: str | None = None
    created_at: datetime | None = None


def asked_workflow(run_id: str, workflow_id: str) -> tuple[str, str] | None:
    """Return the workflow and block ("" for all) whose experiments are asked for by `run_id`.

    None if it is the id of an experiment or of a run. Raises QuestionError (invalid_argument) for a
    block without its workflow.
    """
    if is_of_kind(run_id, WORKFLOW):
        return read_id(run_id, WORKFLOW), ""
    workflow = read_optional_id(workflow_id, WORKFLOW)
    is_block = is_of_kind(run_id, BLOCK)
    if is_block and not workflow:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT, "The experiments of a block need workflow_id as well."
        )
    if is_block:
        return workflow, read_id(run_id, BLOCK)
    if workflow and not is_of_kind(run_id, EXPERIMENT) and not is_of_kind(run_id, EXPERIMENT_RUN):
        # Users name blocks, so their ids can be any text; URLs and sentences are not among them.
        is_name = ":" not in run_id and len(run_id.split()) == 1 and "_" not in run_id[:8]
        return (workflow, run_id.strip()) if is_name else None
    return None


async def read_experiments(api: RetabApi, workflow_id: str, block_id: str) -> list[Experiment]:
    """Return the newest experiments. Raises RetabError, QuestionError (not_found)."""
    found = await api.list_experiments(workflow_id, block_id)
    if not found:
        of_block = f"block {block_id} of " if block_id else ""
        raise QuestionError(
            ErrorKind.NOT_FOUND,
            f"There is no experiment of {of_block}workflow {workflow_id} for this API key.",
        )
    return found


def experiment_list_row(one: Experiment) -> ExperimentListRow:
    """Return an experiment as a row."""
    return ExperimentListRow(
        experiment_id=one.id,
        name=clip(one.name, NAME_TOKENS) if one.name else None,
        block_id=one.block_id,
        status=one.status,
        score=rounded_score(one.score),
        document_count=one.document_count,
        last_run_id=one.last_run_id,
        created_at=one.created_at,
    )


def experiments_cut(shown: int, found: Sequence[Experiment], workflow_id: str) -> Truncated | None:
    """Return what is not shown; the experiments of one block are fewer."""
    if shown == len(found):
        return None
    block = found[shown].block_id or ""
    arguments = {"run_id": block, "workflow_id": workflow_id}
    return Truncated(
        shown=shown,
        total=len(found),
        unit="experiments",
        next=NextCall(tool="get_experiment_run", arguments=arguments) if block else None,
    )


def read_experiment(found: Sequence[Experiment], workflow_id: str) -> NextCall:
    """Suggest listing the runs of the newest experiment."""
    arguments = {"run_id": found[0].id, "workflow_id": workflow_id}
    return NextCall(tool="get_experiment_run", arguments=arguments)
