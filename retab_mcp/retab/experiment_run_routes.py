"""Read an experiment run, its documents and its scores by any of the API's routes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from retab_mcp.models import ErrorKind, ExperimentJob, Json
from retab_mcp.models.experiment_run import (
    DocumentFile,
    ExperimentMetrics,
    ExperimentRun,
    TargetScore,
)
from retab_mcp.retab import routes
from retab_mcp.retab.client import Params, Reply
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.experiment_job_routes import RESULTS_PAGE_SIZE
from retab_mcp.retab.generations.generation import Family
from retab_mcp.retab.normalize import Rows, experiment_job_from_wire, rows_from_wire
from retab_mcp.retab.normalize.fields import first_text
from retab_mcp.retab.normalize.wire_experiment_run import (
    experiment_run_from_wire,
    metrics_from_wire,
    target_scores_from_wire,
)
from retab_mcp.retab.paging import Get, read_pages

# Experiments have tens of documents; all of their rows are kept in memory.
MAX_JOBS = 1_000
# Maximum bytes of the responses whose outputs are kept for a comparison: as objects they take
# several times as much memory.
MAX_OUTPUT_BYTES = 16 * 1024 * 1024
# Runs of one experiment that are listed, the newest ones.
EXPERIMENT_RUNS_PAGE_SIZE = 20
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class ExperimentIds:
    """The ids of an experiment run; only nested routes need those of workflow and experiment."""

    run_id: str
    workflow_id: str = ""
    experiment_id: str = ""

    def nested(self) -> dict[str, str]:
        """Return the ids that nested paths contain.

        Raises RetabError (invalid_argument, with `route_missing`) that names missing ones.
        """
        ids = {"workflow_id": self.workflow_id, "experiment_id": self.experiment_id}
        missing = [name for name, value in ids.items() if not value]
        if missing:
            raise RetabError(
                ErrorKind.INVALID_ARGUMENT,
                "This Retab server finds an experiment run only by its workflow and experiment. "
                f"Pass {' and '.join(missing)}.",
                route_missing=True,
            )
        return ids


@dataclass(frozen=True)
class JobList:
    """The jobs of a run without payloads, and by document id its file and its job's outputs.

    `complete` is False when some could not be read. `outputs` lack those after MAX_OUTPUT_BYTES.
    """

    jobs: tuple[ExperimentJob, ...]
    files: Mapping[str, DocumentFile]
    outputs: Mapping[str, Json]
    complete: bool = True


async def experiment_run(get: Get, family: Family, ids: ExperimentIds) -> ExperimentRun:
    """Return the run. Raises RetabError, with `route_missing` when the server lacks `family`."""
    if family != "nested":
        reply = await get(routes.EXPERIMENT_RUN, {"run_id": ids.run_id})
        return experiment_run_from_wire(reply.json, run_id=ids.run_id)
    reply = await get(routes.EXPERIMENT_RUNS_NESTED, ids.nested())
    for row in rows_from_wire(reply.json).items:
        if first_text(row, "id") == ids.run_id:
            found = experiment_run_from_wire(row, experiment_id=ids.experiment_id)
            return found.model_copy(update={"workflow_id": ids.workflow_id})
    raise RetabError(ErrorKind.NOT_FOUND, "The experiment has no such run.")


async def runs_of_experiment(get: Get, family: Family, ids: ExperimentIds) -> list[ExperimentRun]:
    """Return the newest runs of an experiment, at most EXPERIMENT_RUNS_PAGE_SIZE, newest first.

    Without an experiment's id, they are those of all experiments, where the server lists these.
    Raises RetabError, as `experiment_run` does.
    """
    params: Params = {
        "experiment_id": ids.experiment_id or None,
        "limit": EXPERIMENT_RUNS_PAGE_SIZE,
    }
    if family == "nested":
        reply = await get(routes.EXPERIMENT_RUNS_NESTED, ids.nested())
    else:
        reply = await get(routes.EXPERIMENT_RUNS, {}, params)
    runs = [
        experiment_run_from_wire(row, experiment_id=ids.experiment_id)
        for row in rows_from_wire(reply.json).items
    ]
    # A server that ignores the filter sends the runs of all experiments.
    own = [run for run in runs if ids.experiment_id in ("", run.experiment_id)]
    own.sort(key=lambda run: run.created_at or _NEVER, reverse=True)
    return own[:EXPERIMENT_RUNS_PAGE_SIZE]


async def experiment_jobs(get: Get, family: Family, ids: ExperimentIds) -> JobList:
    """Return the documents of the run. Raises RetabError, as `experiment_run` does."""
    if family == "flat":
        return await _flat_jobs(get, ids)
    if family == "nested":
        params = {"run_id": ids.run_id}
        reply = await get(routes.EXPERIMENT_CONTENT_NESTED, ids.nested(), params)
    else:
        # This list has a limit but no cursors.
        params_of_run: Params = {"limit": RESULTS_PAGE_SIZE}
        route = routes.EXPERIMENT_RESULTS_OF_RUN
        reply = await get(route, {"run_id": ids.run_id}, params_of_run)
    rows = rows_from_wire(reply.json)
    cut = family == "result_of_run" and len(rows.items) >= RESULTS_PAGE_SIZE
    jobs = [experiment_job_from_wire(row, run_id=ids.run_id) for row in rows.items]
    kept = jobs if reply.size <= MAX_OUTPUT_BYTES else []
    return _job_list(jobs, kept, complete=not rows.unread and not cut)


async def experiment_metrics(get: Get, family: Family, ids: ExperimentIds) -> ExperimentMetrics:
    """Return the summary of scores. Raises RetabError, as `experiment_run` does."""
    return metrics_from_wire((await _metrics(get, family, ids, {"view": "summary"})).json)


async def target_scores(
    get: Get, family: Family, ids: ExperimentIds, document_id: str
) -> tuple[TargetScore, ...]:
    """Return the scores of one document's fields. Raises RetabError, as `experiment_run` does."""
    view = {"view": "by_document", "document_id": document_id}
    return target_scores_from_wire((await _metrics(get, family, ids, view)).json)


async def _metrics(get: Get, family: Family, ids: ExperimentIds, view: Mapping[str, str]) -> Reply:
    if family == "result_of_run":
        return await get(routes.EXPERIMENT_METRICS_OF_RUN, {"run_id": ids.run_id}, view)
    params = {**view, "run_id": ids.run_id}
    if family == "nested":
        return await get(routes.EXPERIMENT_METRICS_NESTED, ids.nested(), params)
    return await get(routes.EXPERIMENT_METRICS, {}, params)


async def _flat_jobs(get: Get, ids: ExperimentIds) -> JobList:
    size = 0

    async def fetch(limit: int, after: str | None) -> tuple[Rows, int]:
        params: Params = {"run_id": ids.run_id, "limit": limit, "after": after}
        nonlocal size
        reply = await get(routes.EXPERIMENT_RESULTS, {}, params)
        size += reply.size
        return rows_from_wire(reply.json), reply.size

    found: list[ExperimentJob] = []
    kept: list[ExperimentJob] = []
    complete = True
    pages = read_pages(fetch, lambda row: first_text(row, "id"), limit=RESULTS_PAGE_SIZE)
    async for page in pages:
        jobs = [experiment_job_from_wire(row, run_id=ids.run_id) for row in page.items]
        kept += jobs if size <= MAX_OUTPUT_BYTES else []
        found += jobs
        complete = complete and not page.unread and not page.may_be_incomplete
        if len(found) >= MAX_JOBS and page.has_more:
            complete = False
            break
    return _job_list(found, kept, complete=complete)


def _job_list(
    jobs: Sequence[ExperimentJob], kept: Sequence[ExperimentJob], *, complete: bool
) -> JobList:
    bare: dict[str, Json] = {"handle_inputs": {}, "handle_outputs": {}}
    return JobList(
        jobs=tuple(job.model_copy(update=bare) for job in jobs),
        files={job.document_id: file for job in jobs if (file := _file_of(job)) is not None},
        outputs={job.document_id: job.handle_outputs for job in kept if job.handle_outputs},
        complete=complete,
    )


def _file_of(job: ExperimentJob) -> DocumentFile | None:
    """Return the first file among the inputs of a job."""
    for handle in job.handle_inputs.values():
        document = handle.get("document") if isinstance(handle, dict) else None
        if isinstance(document, dict):
            # Until g2c a document names the file that its copy was made from.
            file_id = first_text(document, "original_id", "id")
            return DocumentFile(id=file_id, filename=first_text(document, "filename"))
    return None
