"""list_runs: runs that match filters, newest first."""

from datetime import datetime
from functools import partial
from typing import Any

from retab_mcp.analysis.cause.failing_step import failing_step, found_by_block
from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.answers.common.answer import NextCall, Part, Truncated
from retab_mcp.answers.common.arguments import split_words
from retab_mcp.answers.common.days import read_day
from retab_mcp.answers.common.rows_answer import RowsAnswer, fitting
from retab_mcp.digest.text import clip
from retab_mcp.models import ErrorKind, Run, Status, normal_status
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.ids import WORKFLOW, read_optional_id
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.run_lists import FoundRun, RunQuery, RunsFound, find_runs
from retab_mcp.tools.list_runs import MAX_RUN_ROWS, RUN_ROWS, ListRuns

# Estimated tokens of the rows in one answer; LONG_ if the caller asked for more than the default.
ROWS_BUDGET = 1200
LONG_ROWS_BUDGET = 6000
# Tokens of a failed run's message: enough to distinguish failures.
MESSAGE_TOKENS = 40
# Runs read beyond the limit, in case showing them takes fewer tokens than `truncated`.
SPARE_RUNS = 3


class RunRow(Part):
    """A run and, if it failed, its failing step; without step_id, block_id identifies the step."""

    run_id: str
    workflow_id: str | None = None
    status: str
    trigger: str | None = None
    created_at: datetime | None = None
    duration_ms: int | None = None
    block_id: str | None = None
    step_id: str | None = None
    message: str | None = None
    reason: str | None = None
    waiting_for: list[str] = []


class ListRunsAnswer(RowsAnswer):
    """The matching rows; `workflow_id` is set if all rows share it."""

    workflow_id: str | None = None
    rows: list[RunRow] = []

    def _keeps(self, name: str) -> bool:
        # No rows is an answer too.
        return name == "rows" or super()._keeps(name)


async def list_runs(inspector: Inspector, request: ListRuns) -> ListRunsAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    question: dict[str, Any] = {
        "workflow_id": read_optional_id(request.workflow_id, WORKFLOW),
        "status": request.status,
        "trigger": request.trigger,
        "from_date": request.from_date,
        "to_date": request.to_date,
        "min_duration_ms": request.min_duration_ms,
        "max_duration_ms": request.max_duration_ms,
        "metadata": request.metadata,
        "id_prefix": request.id_prefix,
        "limit": request.limit,
    }
    positions = inspector.cursors.read(request.cursor, question) if request.cursor else None
    read = await find_runs(
        inspector.api,
        _query(question),
        limit=min(request.limit + SPARE_RUNS, MAX_RUN_ROWS),
        positions=positions,
    )
    # The spare runs are often not shown, and name their own workflow if they are.
    workflow = _common_workflow([found.run for found in read.found[: request.limit]])
    cut = partial(_truncated, inspector, question, read)
    rows = fitting(
        [_row(found.run, workflow) for found in read.found],
        ROWS_BUDGET if request.limit <= RUN_ROWS else LONG_ROWS_BUDGET,
        limit=request.limit,
        left=len(read.found) + read.more,
        cut=cut,
    )
    answer = ListRunsAnswer(
        workflow_id=workflow,
        rows=rows,
        truncated=cut(len(rows)),
        next_calls=_next_calls(read.found[: len(rows)]),
    )
    answer._asked_for_many = request.limit > RUN_ROWS
    return answer


def _query(question: dict[str, Any]) -> RunQuery:
    first = read_day("from_date", question["from_date"])
    last = read_day("to_date", question["to_date"])
    if first and last and last < first:
        raise QuestionError(ErrorKind.INVALID_ARGUMENT, "to_date is before from_date.")
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
    )


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


def _row(run: Run, workflow: str | None) -> RunRow:
    step = failing_step(run)
    by_block = step.step_id is None or found_by_block(run, step)
    message = run.failure.message if run.failure and run.status == Status.ERROR else ""
    return RunRow(
        run_id=run.id,
        workflow_id=run.workflow_id if run.workflow_id != workflow else None,
        status=run.status,
        trigger=str(run.trigger.get("type") or ""),
        created_at=run.created_at,
        duration_ms=run.elapsed_ms,
        block_id=step.block_id,
        step_id=None if by_block else short_step_id(step.step_id or "", run.id),
        message=clip(message, MESSAGE_TOKENS),
        reason=clip(run.reason, MESSAGE_TOKENS) if run.reason else None,
        waiting_for=list(run.waiting_for_block_ids),
    )


def _truncated(
    inspector: Inspector, question: dict[str, Any], read: RunsFound, shown: int
) -> Truncated | None:
    if shown == len(read.found) and not read.more and read.why is None:
        return None
    all_shown = shown == len(read.found)
    positions = read.positions if all_shown and not read.more else read.found[shown - 1].positions
    arguments = {name: value for name, value in question.items() if value}
    arguments["cursor"] = inspector.cursors.write(positions, question)
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
