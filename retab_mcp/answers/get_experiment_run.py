"""get_experiment_run: the documents of an experiment run, and what changed since another run."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from retab_mcp.analysis.experiments.document_table import (
    DocumentFailures,
    DocumentRow,
    document_rows,
    group_document_failures,
)
from retab_mcp.answers.common.answer import NextCall, Part, Truncated
from retab_mcp.answers.common.experiment_comparison import (
    MESSAGE_TOKENS,
    ComparedRun,
    ComparisonPart,
    InBothPart,
    MetricsState,
    MovedFields,
    MovedTarget,
    RenamedPart,
    SettingPart,
    all_of,
    comparison,
    metrics_state,
    rounded_score,
)
from retab_mcp.answers.common.experiment_rows import (
    ExperimentListRow,
    asked_workflow,
    experiment_list_row,
    experiments_cut,
    read_experiment,
    read_experiments,
)
from retab_mcp.answers.common.experiment_runs import (
    ExperimentRunRow,
    experiment_run_row,
    read_runs,
    runs_of,
)
from retab_mcp.answers.common.rows_answer import SPARE_ROWS, RowsAnswer, fitting
from retab_mcp.digest.text import clip
from retab_mcp.models import ErrorKind, Status
from retab_mcp.models.status import FINISHED
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.experiment_reader import (
    ExperimentRead,
    MovedDocument,
    compare_documents,
    read_experiment_run,
)
from retab_mcp.queries.ids import (
    EXPERIMENT,
    EXPERIMENT_RUN,
    WORKFLOW,
    is_of_kind,
    read_id,
    read_optional_id,
)
from retab_mcp.queries.inspector import Inspector
from retab_mcp.retab.experiment_run_routes import ExperimentIds
from retab_mcp.tools.get_experiment_run import DOCUMENT_ROWS, GetExperimentRun

# Estimated tokens of the rows in one answer; a comparison has fewer, since the changes take tokens
# too. LONG_ if the caller asked for more rows than the default.
ROWS_BUDGET = 900
COMPARED_ROWS_BUDGET = 440
LONG_ROWS_BUDGET = 5000
# Maximum groups of failures shown, and examples of each.
MAX_FAILURE_GROUPS = 3
MAX_EXAMPLES = 2


class ExperimentRow(Part):
    """A document; `…_before` is from the run compared with. Scores are from 0 to 1.

    `only_in` names the run if only one of them has the document. `attempt` counts from 1 and is
    left out for the first.
    """

    document_id: str
    document_id_before: str | None = None
    filename: str | None = None
    file_replaced: bool | None = None
    only_in: str | None = None
    status: str | None = None
    status_before: str | None = None
    score: float | None = None
    score_before: float | None = None
    attempt: int | None = None
    duration_ms: int | None = None


class FailedDocuments(Part):
    """Documents that failed in the same way, with some of their ids."""

    kind: str
    message: str
    count: int
    document_ids: list[str]


class GetExperimentRunAnswer(RowsAnswer):
    """The run, its documents and, if asked for, what changed since another run.

    For an experiment's id, `runs` are its newest runs, and for a workflow's or block's
    `experiments` its newest experiments; there is nothing of a run then.
    `failure_groups`, `targets_moved` and `documents_moved` count all if not all are shown.
    """

    run_id: str | None = None
    experiment_id: str | None = None
    workflow_id: str | None = None
    block_id: str | None = None
    type: str | None = None
    status: str | None = None
    message: str | None = None
    score: float | None = None
    metrics: MetricsState | None = None
    n_consensus: int | None = None
    created_at: datetime | None = None
    duration_ms: int | None = None
    compared_to: ComparedRun | None = None
    changed: list[SettingPart] = []
    in_both: InBothPart | None = None
    renamed: list[RenamedPart] = []
    documents: dict[str, int] = {}
    flipped: int | None = None
    failures: list[FailedDocuments] = []
    failure_groups: int | None = None
    rows: list[ExperimentRow] = []
    targets: list[MovedTarget] = []
    targets_moved: int | None = None
    moved: list[MovedFields] = []
    documents_moved: int | None = None
    runs: list[ExperimentRunRow] = []
    experiments: list[ExperimentListRow] = []

    def _keeps(self, name: str) -> bool:
        # "No documents" and "no document flipped" are answers too.
        return (name == "rows" and self.run_id is not None) or super()._keeps(name)


async def get_experiment_run(
    inspector: Inspector, request: GetExperimentRun
) -> GetExperimentRunAnswer:
    """Answer one call. Raises RetabError, QuestionError.

    An experiment's id in place of a run's is answered with the runs of the experiment, a
    workflow's or block's with its experiments.
    """
    asked = asked_workflow(request.run_id, request.workflow_id)
    if asked is not None:
        return await _list_experiments(inspector, *asked, request.limit)
    if is_of_kind(request.run_id, EXPERIMENT):
        workflow = read_optional_id(request.workflow_id, WORKFLOW)
        experiment = read_id(request.run_id, EXPERIMENT)
        return await _list_runs(inspector, ExperimentIds("", workflow, experiment))
    ids = ExperimentIds(
        read_id(request.run_id, EXPERIMENT_RUN),
        read_optional_id(request.workflow_id, WORKFLOW),
        read_optional_id(request.experiment_id, EXPERIMENT),
    )
    other = read_optional_id(request.compare_to, EXPERIMENT_RUN)
    if other == ids.run_id:
        raise QuestionError(ErrorKind.INVALID_ARGUMENT, "compare_to and run_id are the same run.")
    question = _arguments(ids, other, request.limit)
    start = inspector.cursors.start(request.cursor, question)
    read = await read_experiment_run(inspector.api, ids)
    ids_before = ExperimentIds(other, ids.workflow_id, ids.experiment_id)
    before = await read_experiment_run(inspector.api, ids_before) if other else None
    if before is not None:
        _refuse_other_block(read, before)
    rows = document_rows(read.table, before.table if before else None)
    moved: list[MovedDocument] = []
    gaps = list(read.gaps)
    if before is not None:
        moved, unread = await compare_documents(inspector.api, ids, ids_before, rows)
        gaps += [*before.gaps, *unread]
    budget = COMPARED_ROWS_BUDGET if before else ROWS_BUDGET
    budget = budget if request.limit <= DOCUMENT_ROWS else LONG_ROWS_BUDGET
    cut = partial(_truncated, inspector, question, len(rows), start, gaps)
    shown = fitting(
        [
            _row(row, compared=before is not None)
            for row in rows[start : start + request.limit + SPARE_ROWS]
        ],
        budget,
        limit=request.limit,
        left=len(rows) - start,
        cut=cut,
    )
    failures = group_document_failures(rows)
    changes = comparison(read, before, rows, moved) if before else ComparisonPart()
    ended = read.run.status in FINISHED
    states = [state for row in rows if (state := row.state(run_ended=ended))]
    answer = GetExperimentRunAnswer(
        **_head(read),
        **{name: getattr(changes, name) for name in ComparisonPart.model_fields},
        documents=dict(Counter(states)),
        flipped=sum(row.flipped for row in rows) if before else None,
        failures=[_failed(group) for group in failures[:MAX_FAILURE_GROUPS]],
        failure_groups=all_of(len(failures), MAX_FAILURE_GROUPS),
        rows=shown,
        truncated=cut(len(shown)),
        next_calls=_next_calls(rows, read, ids, other),
    )
    answer._asked_for_many = request.limit > DOCUMENT_ROWS
    return answer


async def _list_runs(inspector: Inspector, ids: ExperimentIds) -> GetExperimentRunAnswer:
    runs = await runs_of(inspector.api, ids)
    return GetExperimentRunAnswer(
        experiment_id=ids.experiment_id,
        workflow_id=runs[0].workflow_id or ids.workflow_id or None,
        block_id=runs[0].block_id,
        type=runs[0].type,
        runs=[experiment_run_row(run) for run in runs],
        next_calls=[read_runs(runs, ids)],
    )


async def _list_experiments(
    inspector: Inspector, workflow: str, block: str, limit: int
) -> GetExperimentRunAnswer:
    found = await read_experiments(inspector.api, workflow, block)
    shown = [experiment_list_row(one) for one in found[:limit]]
    answer = GetExperimentRunAnswer(
        workflow_id=workflow,
        experiments=shown,
        truncated=experiments_cut(len(shown), found, workflow),
        next_calls=[read_experiment(found, workflow)],
    )
    answer._asked_for_many = limit > DOCUMENT_ROWS
    return answer


def _refuse_other_block(read: ExperimentRead, before: ExperimentRead) -> None:
    """Raise QuestionError if the runs are of two blocks, whose results have nothing in common."""
    blocks = read.run.block_id, before.run.block_id
    if None not in blocks and blocks[0] != blocks[1]:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            f"{read.run.id} is a run of block {blocks[0]}, {before.run.id} of block {blocks[1]}.",
            hint="Compare two runs of one block.",
        )


def _head(read: ExperimentRead) -> dict[str, Any]:
    run = read.run
    return {
        "run_id": run.id,
        "experiment_id": run.experiment_id,
        "workflow_id": run.workflow_id,
        "block_id": run.block_id,
        "type": run.type,
        "status": run.status,
        "message": clip(run.failure.message, MESSAGE_TOKENS) if run.failure else run.reason,
        "score": rounded_score(run.score),
        "metrics": metrics_state(read),
        "n_consensus": run.n_consensus,
        "created_at": run.created_at,
        "duration_ms": run.elapsed_ms,
    }


def _row(row: DocumentRow, *, compared: bool) -> ExperimentRow:
    job = row.job
    only_in = None
    if compared and not row.in_both:
        only_in = "compared_to" if job is None else "run_id"
    return ExperimentRow(
        document_id=row.document_id,
        document_id_before=row.id_before if row.id_before != row.document_id else None,
        filename=row.filename,
        file_replaced=row.file_replaced or None,
        only_in=only_in,
        status=row.status,
        status_before=row.status_before if row.flipped or job is None else None,
        score=rounded_score(row.score),
        score_before=rounded_score(row.score_before) if row.score_before != row.score else None,
        attempt=job.attempt + 1 if job and job.attempt else None,
        duration_ms=job.elapsed_ms if job else None,
    )


def _failed(group: DocumentFailures) -> FailedDocuments:
    return FailedDocuments(
        kind=group.kind,
        message=clip(group.message, MESSAGE_TOKENS),
        count=len(group.document_ids),
        document_ids=list(group.document_ids[:MAX_EXAMPLES]),
    )


def _arguments(ids: ExperimentIds, other: str, limit: int) -> dict[str, Any]:
    arguments = {
        "run_id": ids.run_id,
        "compare_to": other,
        "workflow_id": ids.workflow_id,
        "experiment_id": ids.experiment_id,
        "limit": limit,
    }
    return {name: value for name, value in arguments.items() if value}


def _truncated(
    inspector: Inspector,
    question: dict[str, Any],
    total: int,
    start: int,
    gaps: Sequence[str],
    shown: int,
) -> Truncated | None:
    end = start + shown
    if end >= total and not gaps:
        return None
    following = None
    if end < total:
        arguments = {**question, "cursor": inspector.cursors.write(end, question)}
        following = NextCall(tool="get_experiment_run", arguments=arguments)
    return Truncated(
        shown=shown,
        total=None if gaps else total,
        at_least=total if gaps else None,
        unit="documents",
        why="; ".join(gaps) or None,
        next=following,
    )


def _next_calls(
    rows: Sequence[DocumentRow], read: ExperimentRead, ids: ExperimentIds, other: str
) -> list[NextCall]:
    """Suggest reading the worst document and comparing with the previous run."""
    calls = []
    nested = _arguments(ids, "", 0)
    worst = next((row for row in rows if row.status == Status.ERROR), rows[0] if rows else None)
    if worst is not None and worst.job is not None:
        arguments = {**nested, "document_id": worst.document_id}
        calls.append(NextCall(tool="get_experiment_job", arguments=arguments))
    prior = read.table.metrics.prior_run_id if read.table.metrics else None
    prior = prior or read.run.parent_run_id
    if prior and not other:
        arguments = {**nested, "compare_to": prior}
        calls.append(NextCall(tool="get_experiment_run", arguments=arguments))
    return calls
