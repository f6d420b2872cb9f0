"""Read the job of one document in an experiment run by any of the API's routes."""

from collections.abc import Mapping

from retab_mcp.models import ErrorKind, ExperimentJob
from retab_mcp.retab import routes
from retab_mcp.retab.client import Params
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import Rows, experiment_job_from_wire, rows_from_wire
from retab_mcp.retab.normalize.fields import first_text
from retab_mcp.retab.paging import Get, read_pages

# Experiments have tens of documents and each row contains its inputs; the API's maximum is 1,000.
RESULTS_PAGE_SIZE = 200

# Ids of the job itself, which the current generation calls a result.
_RESULT_PREFIXES = ("expresult_", "expjob_")


async def flat_result(get: Get, run_id: str, document_id: str) -> ExperimentJob:
    """Return a job from the flat results (since 21 May 2026).

    `document_id` may be the id of the result itself. Raises RetabError.
    """
    if document_id.startswith(_RESULT_PREFIXES):
        return await _result_by_id(get, run_id, document_id)

    async def fetch(limit: int, after: str | None) -> tuple[Rows, int]:
        params: Params = {"run_id": run_id, "limit": limit, "after": after}
        reply = await get(routes.EXPERIMENT_RESULTS, {}, params)
        return rows_from_wire(reply.json), reply.size

    unread = 0
    async for page in read_pages(fetch, _id_of, limit=RESULTS_PAGE_SIZE):
        for row in page.items:
            if first_text(row, "document_id") == document_id:
                return experiment_job_from_wire(row, run_id=run_id)
        unread += page.unread
    if unread:
        raise RetabError(
            ErrorKind.TOO_LARGE,
            "A result of the experiment run is too large to read, as are those after it.",
        )
    raise RetabError(ErrorKind.NOT_FOUND, "The experiment run has no job for this document.")


async def result_of_run(get: Get, run_id: str, document_id: str) -> ExperimentJob:
    """Return a job by run and document (18 to 21 May 2026). Raises RetabError."""
    ids = {"run_id": run_id, "document_id": document_id}
    reply = await get(routes.EXPERIMENT_RESULT_OF_RUN, ids)
    return experiment_job_from_wire(reply.json, run_id=run_id, document_id=document_id)


async def nested_job(get: Get, ids: Mapping[str, str | None]) -> ExperimentJob:
    """Return a job by workflow_id, experiment_id, run_id and document_id (until 18 May 2026).

    Raises RetabError; invalid_argument (with `route_missing`) names the ids that are missing.
    """
    known = {name: value for name, value in ids.items() if value}
    missing = [name for name in ids if name not in known]
    if missing:
        raise RetabError(
            ErrorKind.INVALID_ARGUMENT,
            "This Retab server finds the jobs of an experiment run only by their workflow and "
            f"experiment. Pass {' and '.join(missing)}.",
            route_missing=True,
        )
    reply = await get(routes.EXPERIMENT_JOB_NESTED, known)
    return experiment_job_from_wire(
        reply.json,
        run_id=known["run_id"],
        document_id=known["document_id"],
        workflow_id=known["workflow_id"],
    )


async def _result_by_id(get: Get, run_id: str, result_id: str) -> ExperimentJob:
    reply = await get(routes.EXPERIMENT_RESULT, {"result_id": result_id})
    job = experiment_job_from_wire(reply.json, run_id=run_id)
    if job.run_id != run_id:
        raise RetabError(ErrorKind.NOT_FOUND, "This result belongs to another experiment run.")
    return job


def _id_of(row: Mapping[str, object]) -> str | None:
    return first_text(row, "id")
