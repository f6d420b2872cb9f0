"""get_eval_run: the results of a run of evals, failed first, or the eval runs of a workflow."""

from collections import Counter
from datetime import datetime
from functools import partial
from typing import Any

from retab_mcp.answers.common.answer import NextCall, Part, Truncated
from retab_mcp.answers.common.rows_answer import SPARE_ROWS, RowsAnswer, fitting
from retab_mcp.digest.digest import digest
from retab_mcp.digest.text import clip
from retab_mcp.models import ErrorKind, Json, Status
from retab_mcp.models.base import elapsed_ms
from retab_mcp.models.eval_run import EvalResult, EvalRun, EvalVerdict
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.ids import EVAL_RUN, WORKFLOW, is_of_kind, read_id
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.queries.workflow_lookup import find_workflow
from retab_mcp.retab.errors import RetabError
from retab_mcp.tools.get_eval_run import EVAL_ROWS, GetEvalRun

# Estimated tokens of the rows in one answer; LONG_ if the caller asked for more than the default.
ROWS_BUDGET = 1200
LONG_ROWS_BUDGET = 6000
MESSAGE_TOKENS = 60
# An expected or an actual value.
VALUE_BUDGET = 60

# Results that did not pass come first, and of these the ones that say most.
_WORST_FIRST = (EvalVerdict.FAILED, None, EvalVerdict.BLOCKED)


class EvalRow(Part):
    """The result of one eval; without `verdict` it has not ended, or failed to run."""

    eval_id: str | None = None
    name: str | None = None
    block_id: str | None = None
    verdict: str | None = None
    status: str | None = None
    assertion: str | None = None
    condition: str | None = None
    expected: Json = None
    actual: Json = None
    score: float | None = None
    threshold: float | None = None
    message: str | None = None
    warnings: list[str] = []

    def _keeps(self, name: str) -> bool:
        # A null is often why an assertion failed.
        return name in ("expected", "actual") and self.verdict == EvalVerdict.FAILED


class EvalRunRow(Part):
    """A run of evals in the list of a workflow."""

    run_id: str
    status: str
    counts: dict[str, int] = {}
    created_at: datetime | None = None


class GetEvalRunAnswer(RowsAnswer):
    """A run of evals with its results, failed first; or `runs`, those of a workflow."""

    run_id: str | None = None
    workflow_id: str | None = None
    workflow_version_id: str | None = None
    status: str | None = None
    message: str | None = None
    reason: str | None = None
    counts: dict[str, int] = {}
    created_at: datetime | None = None
    duration_ms: int | None = None
    rows: list[EvalRow] = []
    runs: list[EvalRunRow] | None = None
    unavailable: list[str] = []

    def _keeps(self, name: str) -> bool:
        # Nothing found is an answer too.
        kept = "rows" if self.runs is None else "runs"
        return name == kept or super()._keeps(name)


async def get_eval_run(inspector: Inspector, request: GetEvalRun) -> GetEvalRunAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    if not is_of_kind(request.run_id, EVAL_RUN) and is_of_kind(request.run_id, WORKFLOW):
        return await _runs_of(inspector, request)
    run_id = read_id(request.run_id, EVAL_RUN)
    asked = Asked()
    try:
        run = await inspector.api.get_eval_run(run_id)
    except RetabError as error:
        if error.kind != ErrorKind.NOT_FOUND:
            raise
        message = f"There is no eval run {run_id} for this API key."
        raise QuestionError(ErrorKind.NOT_FOUND, message) from error
    read = await inspector.api.list_eval_results(run_id)
    names: dict[str, str] = {}
    if run.workflow_id:
        reading = inspector.api.list_eval_names(run.workflow_id)
        names = await asked.unless_unsupported("the names of the evals", reading) or {}
    results = sorted(read.results, key=_rank)
    question = {"run_id": run.id, "limit": request.limit}
    start = inspector.cursors.start(request.cursor, question)
    cut = partial(_truncated, inspector, question, start, len(results), read.complete)
    rows = fitting(
        [_row(each, names) for each in results[start : start + request.limit + SPARE_ROWS]],
        ROWS_BUDGET if request.limit <= EVAL_ROWS else LONG_ROWS_BUDGET,
        limit=request.limit,
        left=len(results) - start,
        cut=cut,
    )
    answer = GetEvalRunAnswer(
        run_id=run.id,
        workflow_id=run.workflow_id,
        workflow_version_id=run.workflow_version_id,
        status=run.status,
        message=clip(run.failure.message, MESSAGE_TOKENS) if run.failure else None,
        reason=clip(run.reason, MESSAGE_TOKENS) if run.reason else None,
        counts=_counts(run, results) if read.complete else run.counts,
        created_at=run.created_at,
        duration_ms=_duration(run),
        rows=rows,
        unavailable=asked.gaps,
        truncated=cut(len(rows)),
        next_calls=_next_calls(run),
    )
    answer._asked_for_many = request.limit > EVAL_ROWS
    return answer


async def _runs_of(inspector: Inspector, request: GetEvalRun) -> GetEvalRunAnswer:
    workflow = await find_workflow(inspector, request.run_id)
    runs = await inspector.api.list_eval_runs(workflow)
    shown = [
        EvalRunRow(
            run_id=run.id, status=run.status, counts=_known(run.counts), created_at=run.created_at
        )
        for run in runs[: request.limit]
    ]
    calls = [NextCall(tool="get_eval_run", arguments={"run_id": run.run_id}) for run in shown[:1]]
    return GetEvalRunAnswer(workflow_id=workflow, runs=shown, next_calls=calls)


def _rank(result: EvalResult) -> int:
    """Return the place of a result: failed, without verdict, blocked, passed."""
    verdict = result.verdict
    return _WORST_FIRST.index(verdict) if verdict in _WORST_FIRST else len(_WORST_FIRST)


def _counts(run: EvalRun, results: list[EvalResult]) -> dict[str, int]:
    """Return the results by verdict, those without one by status."""
    if not results:
        return _known(run.counts)
    return dict(Counter(str(each.verdict or each.status) for each in results))


def _known(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


def _duration(run: EvalRun) -> int | None:
    if run.duration_ms is not None:
        return run.duration_ms
    return elapsed_ms(run.started_at, run.completed_at)


def _row(result: EvalResult, names: dict[str, str]) -> EvalRow:
    failed = result.verdict == EvalVerdict.FAILED
    text = result.reason or (result.failure.message if result.failure else "")
    return EvalRow(
        eval_id=result.eval_id,
        name=names.get(result.eval_id or ""),
        block_id=result.block_id,
        verdict=result.verdict,
        status=result.status if result.status != Status.COMPLETED else None,
        assertion=result.label,
        condition=result.condition,
        expected=_value(result.expected) if failed else None,
        actual=_value(result.actual) if failed else None,
        score=result.score,
        threshold=result.threshold,
        message=clip(text, MESSAGE_TOKENS) or None,
        warnings=[clip(each, MESSAGE_TOKENS) for each in result.warnings[:2]],
    )


def _value(value: Json) -> Json:
    return digest(value, VALUE_BUDGET, derived=True).value


def _truncated(
    inspector: Inspector,
    question: dict[str, Any],
    start: int,
    count: int,
    complete: bool,
    shown: int,
) -> Truncated | None:
    end = start + shown
    if end >= count and complete:
        return None
    following = None
    if end < count:
        arguments = {**question, "cursor": inspector.cursors.write(end, question)}
        following = NextCall(tool="get_eval_run", arguments=arguments)
    return Truncated(
        shown=shown,
        total=count if complete else None,
        at_least=None if complete else count,
        unit="results",
        why=None if complete else "not all results could be read",
        next=following,
    )


def _next_calls(run: EvalRun) -> list[NextCall]:
    """Suggest the list of the workflow's eval runs, which shows if a result is new."""
    if not run.workflow_id:
        return []
    reason = "earlier eval runs of this workflow"
    arguments = {"run_id": run.workflow_id}
    return [NextCall(tool="get_eval_run", arguments=arguments, reason=reason)]
