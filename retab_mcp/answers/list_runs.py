"""list_runs: runs that match filters, newest first."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from pydantic import AwareDatetime, TypeAdapter

from retab_mcp.analysis.cause.failing_step import FailingStep, failing_step, found_by_block
from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.answers.common.answer import (
    LONG_BUDGET,
    OVERVIEW_BUDGET,
    NextCall,
    Part,
    Truncated,
)
from retab_mcp.answers.common.arguments import split_words
from retab_mcp.answers.common.calls_from_nothing import calls_from_no_runs
from retab_mcp.answers.common.days import read_day
from retab_mcp.answers.common.rows_answer import RowsAnswer, fitting
from retab_mcp.digest.compact import json_tokens
from retab_mcp.digest.text import clip
from retab_mcp.models import ErrorKind, Json, Run, Status, normal_status
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.run_causes import FoundCause, causes_of
from retab_mcp.queries.run_lists import (
    KNOWN_TRIGGERS,
    FoundRun,
    RunQuery,
    RunsFound,
    find_runs,
)
from retab_mcp.queries.window import Window, read_window, read_zone
from retab_mcp.queries.word_check import refuse_unknown
from retab_mcp.queries.workflow_lookup import find_workflow, names_of, newest_run
from retab_mcp.tools.list_runs import MAX_RUN_ROWS, RUN_ROWS, ListRuns

# Estimated tokens of the rows in one answer; LONG_ if the caller asked for more than the default.
ROWS_BUDGET = 1200
LONG_ROWS_BUDGET = 6000
# Everything but the rows and the names of their workflows.
REST_TOKENS = 250
# Tokens of a failed run's message: enough to distinguish failures.
MESSAGE_TOKENS = 40
# Tokens of a file name, and documents named of a run.
NAME_TOKENS = 20
MAX_DOCUMENTS = 2
# A list is worth no longer wait: the runs' own words are known without the causes.
CAUSE_SECONDS = 12.0
# Before any run.
_FIRST_DAY = date(2020, 1, 1)
# Runs read beyond the limit, in case showing them takes fewer tokens than `truncated`.
SPARE_RUNS = 3


class RunRow(Part):
    """A run and, if it failed, its root cause; without step_id, block_id identifies the step.

    If the cause was not read, `reported_` fields have what the run itself says, which may name a
    loop or a consequence.
    """

    run_id: str
    workflow_id: str | None = None
    status: str
    trigger: str | None = None
    created_at: datetime | None = None
    duration_ms: int | None = None
    block_id: str | None = None
    step_id: str | None = None
    message: str | None = None
    reported_block_id: str | None = None
    reported_step_id: str | None = None
    reported_message: str | None = None
    reason: str | None = None
    waiting_for: list[str] = []
    documents: list[str] = []


class ListRunsAnswer(RowsAnswer):
    """The matching rows; `workflow_id` is set if all rows share it.

    `workflows` has the names of the workflows by id. Without rows, `newest_run` is the newest run
    that the other filters left out.
    """

    workflow_id: str | None = None
    workflows: dict[str, Json] = {}
    newest_run: RunRow | None = None
    rows: list[RunRow] = []

    def _keeps(self, name: str) -> bool:
        # No rows is an answer too.
        return name == "rows" or super()._keeps(name)


async def list_runs(inspector: Inspector, request: ListRuns) -> ListRunsAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    question: dict[str, Any] = {
        "workflow_id": await find_workflow(inspector, request.workflow_id),
        "status": request.status,
        "trigger": request.trigger,
        "days": request.days,
        "from_date": request.from_date,
        "to_date": request.to_date,
        "time_zone": request.time_zone,
        "min_duration_ms": request.min_duration_ms,
        "max_duration_ms": request.max_duration_ms,
        "metadata": request.metadata,
        "id_prefix": request.id_prefix,
        "limit": request.limit,
    }
    position, until = _position(inspector, request.cursor, question)
    query = _query(inspector, question)
    read = await find_runs(
        inspector.api,
        query,
        limit=min(request.limit + SPARE_RUNS, MAX_RUN_ROWS),
        positions=position,
        until=until,
    )
    if not read.found and not request.cursor:
        return await _nothing(inspector, question, read)
    runs = [found.run for found in read.found]
    # The spare runs are often not shown, and name their own workflow if they are.
    shown_runs = runs[: request.limit]
    workflow = _common_workflow(shown_runs)
    causes: dict[str, FoundCause] = {}
    names: dict[str, Json] = {}

    async def read_causes() -> None:
        causes.update(await causes_of(inspector, shown_runs, CAUSE_SECONDS))

    async def read_names() -> None:
        names.update(await names_of(inspector, {run.workflow_id for run in shown_runs}))

    await concurrently([read_causes, read_names])
    cut = partial(_truncated, inspector, question, read)
    rows = fitting(
        [_row(run, workflow, causes.get(run.id)) for run in runs],
        _rows_budget(request.limit, names),
        limit=request.limit,
        left=len(read.found) + read.more,
        cut=cut,
    )
    answer = ListRunsAnswer(
        workflow_id=workflow,
        workflows=_names_for(names, runs[: len(rows)]),
        rows=rows,
        truncated=cut(len(rows)),
        next_calls=_next_calls(read.found[: len(rows)]),
    )
    answer._asked_for_many = request.limit > RUN_ROWS
    return answer


def _rows_budget(limit: int, names: dict[str, Json]) -> int:
    """Return the tokens of the rows, so that the names of workflows fit next to them."""
    rows, whole = ROWS_BUDGET, OVERVIEW_BUDGET
    if limit > RUN_ROWS:
        rows, whole = LONG_ROWS_BUDGET, LONG_BUDGET
    return min(rows, whole - REST_TOKENS - json_tokens(names))


def _names_for(names: dict[str, Json], runs: Sequence[Run]) -> dict[str, Json]:
    shown = {run.workflow_id for run in runs}
    return {workflow_id: name for workflow_id, name in names.items() if workflow_id in shown}


async def _nothing(
    inspector: Inspector, question: dict[str, Any], read: RunsFound
) -> ListRunsAnswer:
    """Return an answer without rows that shows what was checked.

    Raises QuestionError if a filter is a word that Retab does not document, or names no workflow.
    """
    if read.why is None:
        refuse_unknown("status", question["status"], [*Status], normal_status)
        refuse_unknown("trigger", question["trigger"], KNOWN_TRIGGERS)
    newest = await newest_run(inspector, question["workflow_id"])
    return ListRunsAnswer(
        workflow_id=question["workflow_id"] or None,
        newest_run=_row(newest, question["workflow_id"], None) if newest else None,
        truncated=_truncated(inspector, question, read, 0),
        next_calls=calls_from_no_runs(question, newest),
    )


def _query(inspector: Inspector, question: dict[str, Any]) -> RunQuery:
    window = _window(inspector, question)
    first, last = window.utc_days if window else (None, None)
    shortest, longest = question["min_duration_ms"], question["max_duration_ms"]
    if longest and longest < shortest:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT, "max_duration_ms is less than min_duration_ms."
        )
    return RunQuery(
        workflow_id=question["workflow_id"],
        statuses=tuple(normal_status(word) for word in split_words(question["status"])),
        triggers=tuple(split_words(question["trigger"])),
        from_date=first,
        to_date=last,
        min_duration_ms=shortest,
        max_duration_ms=longest,
        id_prefix=question["id_prefix"].strip(),
        metadata=_pairs(question["metadata"]),
        window=window,
    )


def _window(inspector: Inspector, question: dict[str, Any]) -> Window | None:
    """Return the days to list, None for all."""
    first = read_day("from_date", question["from_date"])
    last = read_day("to_date", question["to_date"])
    zone = read_zone(question["time_zone"])
    if first is None and not question["days"]:
        if last is None:
            return None
        first = _FIRST_DAY
    return read_window(inspector.now(), first, last, question["days"], zone)


def _pairs(text: str) -> dict[str, str]:
    pairs = {}
    for item in text.split(","):
        name, separator, value = item.partition("=")
        if item.strip() and not (separator and name.strip()):
            raise QuestionError(
                ErrorKind.INVALID_ARGUMENT, "metadata must be pairs, written key=value,key2=value2."
            )
        if separator:
            pairs[name.strip()] = value.strip()
    return pairs


def _common_workflow(runs: list[Run]) -> str | None:
    workflows = {run.workflow_id for run in runs}
    return workflows.pop() if len(workflows) == 1 else None


def _row(run: Run, workflow: str | None, found: FoundCause | None) -> RunRow:
    return RunRow(
        run_id=run.id,
        workflow_id=run.workflow_id if run.workflow_id != workflow else None,
        status=run.status,
        trigger=str(run.trigger.get("type") or ""),
        created_at=run.created_at,
        duration_ms=run.elapsed_ms,
        **(_caused(run, found.cause) if found and found.by_record else _reported(run)),
        reason=clip(run.reason, MESSAGE_TOKENS) if run.reason else None,
        waiting_for=list(run.waiting_for_block_ids),
        documents=_documents(run),
    )


def _caused(run: Run, cause: RootCause) -> dict[str, Any]:
    step = cause.step
    if step is None:
        return {"message": clip(cause.message, MESSAGE_TOKENS)}
    by_block = found_by_block(run, FailingStep(step.block_id, step.step_id))
    return {
        "block_id": step.block_id,
        "step_id": None if by_block else short_step_id(step.step_id, run.id),
        "message": clip(cause.message, MESSAGE_TOKENS),
    }


def _reported(run: Run) -> dict[str, Any]:
    """Return what the run itself says of its failure."""
    step = failing_step(run)
    by_block = step.step_id is None or found_by_block(run, step)
    message = run.failure.message if run.failure and run.status == Status.ERROR else ""
    return {
        "reported_block_id": step.block_id,
        "reported_step_id": None if by_block else short_step_id(step.step_id or "", run.id),
        "reported_message": clip(message, MESSAGE_TOKENS),
    }


def _documents(run: Run) -> list[str]:
    """Return the names of the first documents of the run."""
    names = [
        document["filename"]
        for document in run.inputs.documents.values()
        if isinstance(document, dict) and isinstance(document.get("filename"), str)
    ]
    return [clip(name, NAME_TOKENS) for name in names[:MAX_DOCUMENTS]]


# The last run read of each list by its status, and when the last run shown was created.
_read_until: TypeAdapter[tuple[dict[str, str], AwareDatetime | None]] = TypeAdapter(
    tuple[dict[str, str], AwareDatetime | None]
)


def _position(
    inspector: Inspector, cursor: str, question: dict[str, Any]
) -> tuple[dict[str, str] | None, datetime | None]:
    """Return where the lists go on, and when the last run shown was created."""
    if not cursor:
        return None, None
    return inspector.cursors.read(cursor, question, _read_until)


def _truncated(
    inspector: Inspector, question: dict[str, Any], read: RunsFound, shown: int
) -> Truncated | None:
    if shown == len(read.found) and not read.more and read.why is None:
        return None
    all_shown = shown == len(read.found)
    ended = all_shown and not read.more
    positions = read.positions if ended else read.found[shown - 1].positions
    arguments = {name: value for name, value in question.items() if value}
    last = read.found[shown - 1].run.created_at if shown else None
    ended_at = [positions, last.isoformat() if last else None]
    arguments["cursor"] = inspector.cursors.write(ended_at, question)
    return Truncated(
        shown=shown,
        at_least=len(read.found) + read.more,
        unit="runs",
        why=read.why if all_shown else None,
        next=NextCall(tool="list_runs", arguments=arguments),
    )


def _next_calls(shown: tuple[FoundRun, ...]) -> list[NextCall]:
    """Suggest explaining the newest failed run."""
    failed = [found.run.id for found in shown if found.run.status == Status.ERROR]
    return [NextCall(tool="get_run", arguments={"run_id": run_id}) for run_id in failed[:1]]
