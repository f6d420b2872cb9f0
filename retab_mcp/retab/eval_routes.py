"""Read runs of evals by any of the API's routes."""

from collections.abc import Mapping
from dataclasses import dataclass

from retab_mcp.models import ErrorKind
from retab_mcp.models.eval_run import EvalResult, EvalRun
from retab_mcp.retab import routes
from retab_mcp.retab.client import Params, Reply
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import Rows, rows_from_wire
from retab_mcp.retab.normalize.fields import first_text
from retab_mcp.retab.normalize.wire_eval import eval_result_from_wire, eval_run_from_wire
from retab_mcp.retab.paging import Get, read_pages
from retab_mcp.retab.routes import Route

# The API's maximum for results; a page of runs shows enough to choose from.
EVAL_RESULTS_PAGE_SIZE = 100
EVAL_RUNS_PAGE_SIZE = 20
# Results kept in memory, without their payloads.
MAX_RESULTS = 1_000


@dataclass(frozen=True)
class EvalResults:
    """The results of a run; `complete` is False if there are more or some were unreadable."""

    results: tuple[EvalResult, ...]
    complete: bool = True


async def eval_run(get: Get, run_id: str) -> EvalRun:
    """Return a run of evals. Raises RetabError."""
    ids = {"run_id": run_id}
    reply = await _first(get, ids, routes.EVAL_RUN, routes.TEST_RUN)
    return eval_run_from_wire(reply.json, run_id=run_id)


async def eval_runs(get: Get, workflow_id: str) -> tuple[EvalRun, ...]:
    """Return the newest runs of evals of a workflow, newest first. Raises RetabError."""
    params: Params = {"workflow_id": workflow_id, "limit": EVAL_RUNS_PAGE_SIZE}
    reply = await _first(get, {}, routes.EVAL_RUNS, routes.TEST_RUNS, params=params)
    return tuple(eval_run_from_wire(row) for row in rows_from_wire(reply.json).items)


async def eval_results(get: Get, run_id: str) -> EvalResults:
    """Return the results of a run of evals. Raises RetabError."""

    async def fetch(limit: int, after: str | None) -> tuple[Rows, int]:
        params: Params = {"run_id": run_id, "limit": limit, "after": after}
        try:
            reply = await _first(get, {}, routes.EVAL_RESULTS, routes.TEST_RESULTS, params=params)
        except RetabError as error:
            if error.kind not in (ErrorKind.UNSUPPORTED, ErrorKind.NOT_FOUND):
                raise
            # For three days in May 2026 results were found under their run.
            reply = await get(routes.TEST_RESULTS_OF_RUN, {"run_id": run_id})
        return rows_from_wire(reply.json), reply.size

    found: list[EvalResult] = []
    pages = read_pages(fetch, lambda row: first_text(row, "id"), limit=EVAL_RESULTS_PAGE_SIZE)
    async for page in pages:
        found += map(eval_result_from_wire, page.items)
        if page.unread or page.may_be_incomplete:
            return EvalResults(tuple(found), complete=False)
        if len(found) >= MAX_RESULTS:
            return EvalResults(tuple(found[:MAX_RESULTS]), complete=not page.has_more)
    return EvalResults(tuple(found))


async def eval_names(get: Get, workflow_id: str) -> dict[str, str]:
    """Return the names of up to 100 evals of a workflow by id. Raises RetabError."""
    params: Params = {"workflow_id": workflow_id, "limit": EVAL_RESULTS_PAGE_SIZE}
    reply = await _first(get, {}, routes.EVALS, routes.TESTS, params=params)
    rows = rows_from_wire(reply.json).items
    named = ((first_text(row, "id"), first_text(row, "name")) for row in rows)
    return {eval_id: name for eval_id, name in named if eval_id and name}


async def _first(
    get: Get, ids: Mapping[str, str], newer: Route, older: Route, *, params: Params | None = None
) -> Reply:
    """Return the reply of the newer route, or of the older one where the server lacks it."""
    for route in (newer, older):
        try:
            return await get(route, ids, params)
        except RetabError as error:
            # To an older server, "evals" in the path is the id of a workflow that does not exist.
            is_no_list = not ids and error.kind == ErrorKind.NOT_FOUND
            if not error.route_missing and not is_no_list:
                raise
    raise RetabError(ErrorKind.UNSUPPORTED, "This Retab server has no route for runs of evals.")
