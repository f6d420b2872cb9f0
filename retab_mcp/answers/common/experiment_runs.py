"""The runs of an experiment, newest first."""

from datetime import datetime

from retab_mcp.answers.common.answer import NextCall, Part
from retab_mcp.answers.common.experiment_comparison import rounded_score
from retab_mcp.models import ErrorKind, Status
from retab_mcp.models.experiment_run import ExperimentRun
from retab_mcp.queries.errors import QuestionError
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.experiment_run_routes import ExperimentIds


class ExperimentRunRow(Part):
    """A run of the experiment; the score is from 0 to 1."""

    run_id: str
    status: str
    score: float | None = None
    n_consensus: int | None = None
    workflow_version_id: str | None = None
    created_at: datetime | None = None
    duration_ms: int | None = None


async def runs_of(api: RetabApi, ids: ExperimentIds) -> list[ExperimentRun]:
    """Return the newest runs of an experiment. Raises RetabError, QuestionError (not_found)."""
    runs = await api.list_experiment_runs(ids)
    if not runs:
        message = f"There is no run of experiment {ids.experiment_id} for this API key."
        raise QuestionError(ErrorKind.NOT_FOUND, message)
    return runs


def experiment_run_row(run: ExperimentRun) -> ExperimentRunRow:
    """Return a run as a row."""
    return ExperimentRunRow(
        run_id=run.id,
        status=run.status,
        score=rounded_score(run.score),
        n_consensus=run.n_consensus,
        workflow_version_id=run.workflow_version_id,
        created_at=run.created_at,
        duration_ms=run.elapsed_ms,
    )


def read_runs(runs: list[ExperimentRun], ids: ExperimentIds) -> NextCall:
    """Suggest comparing the two newest completed runs, else reading the newest run."""
    completed = [run for run in runs if run.status == Status.COMPLETED]
    arguments = {"run_id": runs[0].id}
    if len(completed) > 1:
        arguments = {"run_id": completed[0].id, "compare_to": completed[1].id}
    if ids.workflow_id:
        arguments |= {"workflow_id": ids.workflow_id, "experiment_id": ids.experiment_id}
    return NextCall(tool="get_experiment_run", arguments=arguments)
