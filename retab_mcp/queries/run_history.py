"""Read the other runs of a workflow that say if a failure is new, in at most two requests."""

from dataclasses import replace

from retab_mcp.analysis.history import GoodRun, RunHistory, good_run, history_of, is_restart
from retab_mcp.models import ErrorKind, Run, Status
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.explanation import explain
from retab_mcp.queries.good_run_check import with_good_run
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.queries.run_facts import Explanation
from retab_mcp.queries.same_failures import read_same_failures
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.run_list import RunFilter

# Runs in a page. A page shows a pattern; older servers send every run with all its steps.
HISTORY_RUNS = 50

_HAVE_HISTORY = frozenset({Status.ERROR, Status.CANCELLED})


async def explain_with_history(
    inspector: Inspector, run: Run
) -> tuple[Explanation, RunHistory | None]:
    """Return the explanation of `run` and its history, read at the same time.

    Only a failed or cancelled run and a restart have a history. If it cannot be read, that is one
    of the explanation's gaps.
    """
    asked = Asked()
    known = history = inspector.cached_history(run)
    others: list[Run] | None = None

    async def look_back() -> None:
        nonlocal others
        reading = _read_others(inspector, run)
        others = await asked.unless_unsupported("the workflow's other runs", reading)

    found: Explanation | None = None

    async def look_inside() -> None:
        nonlocal found
        found = await explain(inspector, run)

    reads = [look_inside]
    if known is None and (run.status in _HAVE_HISTORY or is_restart(run)):
        reads.append(look_back)
    await concurrently(reads)
    assert found is not None
    if others is not None:
        step = found.cause.step if found.cause is not None else None
        same = await read_same_failures(inspector, run, step, others)
        name = await _name_of_workflow(inspector, run)
        history = replace(history_of(run, others, same), workflow_name=name)
    # Reading the steps replaces the cached run, so the history is cached after that.
    if known is None and history is not None:
        compared = await with_good_run(inspector, found, history, others or ())
        if compared is not found and compared.read.complete and not compared.gaps:
            inspector.cache_explanation(compared)
        found = compared
        inspector.cache_history(run, history)
    return replace(found, gaps=(*found.gaps, *asked.gaps)), history


async def _name_of_workflow(inspector: Inspector, run: Run) -> str | None:
    """Return the name of the run's workflow if a request is left for it, else None."""
    if run.workflow_name or not run.workflow_id or inspector.api.limits.left < 1:
        return None
    try:
        return await inspector.api.get_workflow_name(run.workflow_id)
    except RetabError:
        # The id identifies the workflow too.
        return None


async def choose_good_run(inspector: Inspector, run: Run) -> GoodRun:
    """Return the completed run that `run` is best compared with.

    Raises RetabError, QuestionError (not_found) if the runs that were read hold none.
    """
    others = await _read_others(inspector, run)
    found = good_run(run, others or [])
    if found is None:
        raise QuestionError(
            ErrorKind.NOT_FOUND,
            "No completed run of this workflow was found to compare with.",
            hint="Give other_run_id; list_runs finds one.",
            facts={"workflow_id": run.workflow_id, "runs_searched": len(others or [])},
        )
    return found


async def _read_others(inspector: Inspector, run: Run) -> list[Run] | None:
    """Return the newest runs of the workflow and those before `run`; None without a workflow.

    The second request reads the completed runs if the first page has the run but no completed one,
    else the runs before it.
    """
    if not run.workflow_id:
        return None
    wanted = RunFilter(workflow_id=run.workflow_id)
    newest = await inspector.api.list_runs(wanted, limit=HISTORY_RUNS)
    # A server that does not know the filter lists all runs.
    runs = [one for one in newest.runs if one.workflow_id == run.workflow_id]
    if newest.next_cursor is None:
        return runs
    if all(one.id != run.id for one in runs):
        page = await inspector.api.list_runs(wanted, limit=HISTORY_RUNS, after=run.id)
    elif good_run(run, runs) is None and run.created_at is not None:
        day = run.created_at.date().isoformat()
        completed = RunFilter(workflow_id=run.workflow_id, status=Status.COMPLETED, to_date=day)
        page = await inspector.api.list_runs(completed, limit=HISTORY_RUNS)
    else:
        return runs
    return [*runs, *(one for one in page.runs if one.workflow_id == run.workflow_id)]
