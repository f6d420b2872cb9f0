"""get_experiment_run: the documents of an experiment run, and what changed since another run."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from retab_mcp.analysis.compare.experiment_table import (
    DocumentFailures,
    DocumentRow,
    TargetChange,
    document_rows,
    group_document_failures,
    moved_targets,
)
from retab_mcp.analysis.summary import short
from retab_mcp.answers.common.answer import NextCall, Part, Truncated
from retab_mcp.answers.common.rows_answer import SPARE_ROWS, RowsAnswer, fitting
from retab_mcp.digest.text import clip
from retab_mcp.models import ErrorKind, Json, Status
from retab_mcp.models.experiment_run import MetricsKind
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.experiment_reader import (
    MAX_COMPARED_DOCUMENTS,
    ExperimentRead,
    MovedDocument,
    compare_documents,
    read_experiment_run,
)
from retab_mcp.queries.ids import (
    EXPERIMENT,
    EXPERIMENT_RUN,
    WORKFLOW,
    read_id,
    read_optional_id,
)
from retab_mcp.queries.inspector import Inspector
from retab_mcp.retab.experiment_run_routes import ExperimentIds
from retab_mcp.tools.get_experiment_run import DOCUMENT_ROWS, GetExperimentRun

# Estimated tokens of the rows in one answer; a comparison has fewer, since the changes take tokens
# too. LONG_ if the caller asked for more rows than the default.
ROWS_BUDGET = 900
COMPARED_ROWS_BUDGET = 500
LONG_ROWS_BUDGET = 5000
MESSAGE_TOKENS = 40
VALUE_TOKENS = 16
# Maximum targets and fields shown (those that moved most), groups of failures, examples of each.
MAX_TARGETS = 5
MAX_FIELDS = 3
MAX_FAILURE_GROUPS = 3
MAX_EXAMPLES = 2
_SCORE_DIGITS = 4


class ExperimentRow(Part):
    """A document; `…_before` is from the run compared with. Scores are from 0 to 1."""

    document_id: str
    filename: str | None = None
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


class MovedTarget(Part):
    """A field (or category) whose score moved; values are kept if they differ, even null."""

    path: str
    score: float | None = None
    score_before: float | None = None
    value: Json = None
    value_before: Json = None

    def _keeps(self, name: str) -> bool:
        return name.startswith("value") and self.value != self.value_before


class MovedFields(Part):
    """The changed fields of a document; `fields_moved` counts all if not all are shown."""

    document_id: str
    filename: str | None = None
    fields: list[MovedTarget]
    fields_moved: int | None = None


class MetricsState(Part):
    """Why there are no scores: stale_metrics, no_metrics, or unread."""

    state: str
    message: str | None = None
    reasons: list[str] = []


class ComparedRun(Part):
    """The run compared with."""

    run_id: str
    status: str
    score: float | None = None
    metrics: MetricsState | None = None


class GetExperimentRunAnswer(RowsAnswer):
    """The run, its documents and, if asked for, what changed since another run.

    `failure_groups`, `targets_moved` and `documents_moved` count all if not all are shown.
    """

    run_id: str
    experiment_id: str | None = None
    workflow_id: str | None = None
    block_id: str | None = None
    type: str | None = None
    status: str
    message: str | None = None
    score: float | None = None
    metrics: MetricsState | None = None
    n_consensus: int | None = None
    created_at: datetime | None = None
    duration_ms: int | None = None
    compared_to: ComparedRun | None = None
    documents: dict[str, int] = {}
    flipped: int | None = None
    failures: list[FailedDocuments] = []
    failure_groups: int | None = None
    rows: list[ExperimentRow] = []
    targets: list[MovedTarget] = []
    targets_moved: int | None = None
    moved: list[MovedFields] = []
    documents_moved: int | None = None

    def _keeps(self, name: str) -> bool:
        # "No documents" and "no document flipped" are answers too.
        return name == "rows" or super()._keeps(name)


async def get_experiment_run(
    inspector: Inspector, request: GetExperimentRun
) -> GetExperimentRunAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    ids = ExperimentIds(
        read_id(request.run_id, EXPERIMENT_RUN),
        read_optional_id(request.workflow_id, WORKFLOW),
        read_optional_id(request.experiment_id, EXPERIMENT),
    )
    other = read_optional_id(request.compare_to, EXPERIMENT_RUN)
    if other == ids.run_id:
        raise QuestionError(ErrorKind.INVALID_ARGUMENT, "compare_to and run_id are the same run.")
    question = _arguments(ids, other, request.limit)
    start = int(inspector.cursors.read(request.cursor, question)) if request.cursor else 0
    read = await read_experiment_run(inspector.api, ids)
    ids_before = ExperimentIds(other, ids.workflow_id, ids.experiment_id)
    before = await read_experiment_run(inspector.api, ids_before) if other else None
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
        [_row(row) for row in rows[start : start + request.limit + SPARE_ROWS]],
        budget,
        limit=request.limit,
        left=len(rows) - start,
        cut=cut,
    )
    failures = group_document_failures(rows)
    targets = _targets(read, before)
    answer = GetExperimentRunAnswer(
        **_head(read),
        compared_to=_compared(before),
        documents=dict(Counter(row.status for row in rows if row.status)),
        flipped=sum(row.flipped for row in rows) if before else None,
        failures=[_failed(group) for group in failures[:MAX_FAILURE_GROUPS]],
        failure_groups=_all_of(len(failures), MAX_FAILURE_GROUPS),
        rows=shown,
        targets=[_target(change) for change in targets[:MAX_TARGETS]],
        targets_moved=_all_of(len(targets), MAX_TARGETS),
        moved=[_moved(document) for document in moved if document.fields],
        documents_moved=_all_of(sum(bool(row.change) for row in rows), MAX_COMPARED_DOCUMENTS),
        truncated=cut(len(shown)),
        next_calls=_next_calls(rows, read, ids, other),
        untrusted_text=bool(moved or failures) or None,
    )
    answer._asked_for_many = request.limit > DOCUMENT_ROWS
    return answer


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
        "score": _score(run.score),
        "metrics": _metrics_state(read),
        "n_consensus": run.n_consensus,
        "created_at": run.created_at,
        "duration_ms": run.elapsed_ms,
    }


def _score(score: float | None) -> float | None:
    return None if score is None else round(score, _SCORE_DIGITS)


def _row(row: DocumentRow) -> ExperimentRow:
    job = row.job
    return ExperimentRow(
        document_id=row.document_id,
        filename=row.filename,
        status=row.status,
        status_before=row.status_before if row.flipped or job is None else None,
        score=_score(row.score),
        score_before=_score(row.score_before) if row.score_before != row.score else None,
        attempt=job.attempt or None if job else None,
        duration_ms=job.elapsed_ms if job else None,
    )


def _metrics_state(read: ExperimentRead) -> MetricsState | None:
    metrics = read.table.metrics
    if metrics is None:
        return MetricsState(state="unread")
    if metrics.kind == MetricsKind.SUMMARY:
        return None
    return MetricsState(
        state=metrics.kind,
        message=clip(metrics.message, MESSAGE_TOKENS),
        reasons=list(metrics.stale_reasons),
    )


def _compared(before: ExperimentRead | None) -> ComparedRun | None:
    if before is None:
        return None
    run = before.run
    return ComparedRun(
        run_id=run.id,
        status=run.status,
        score=_score(run.score),
        metrics=_metrics_state(before),
    )


def _all_of(count: int, most: int) -> int | None:
    """Return `count`, None if all of them are shown."""
    return count if count > most else None


def _failed(group: DocumentFailures) -> FailedDocuments:
    return FailedDocuments(
        kind=group.kind,
        message=clip(group.message, MESSAGE_TOKENS),
        count=len(group.document_ids),
        document_ids=list(group.document_ids[:MAX_EXAMPLES]),
    )


def _targets(read: ExperimentRead, before: ExperimentRead | None) -> list[TargetChange]:
    """Return the targets that moved; empty unless both runs have scores."""
    if before is None:
        return []
    now, then = read.table.metrics, before.table.metrics
    if (
        now is None
        or then is None
        or now.kind != MetricsKind.SUMMARY
        or then.kind != MetricsKind.SUMMARY
    ):
        return []
    return moved_targets(now.targets, then.targets)


def _target(change: TargetChange) -> MovedTarget:
    scores = {"score": _score(change.score), "score_before": _score(change.score_before)}
    if change.value == change.value_before:
        return MovedTarget(path=change.path, **scores)
    return MovedTarget(
        path=change.path,
        **scores,
        value=short(change.value, VALUE_TOKENS),
        value_before=short(change.value_before, VALUE_TOKENS),
    )


def _moved(document: MovedDocument) -> MovedFields:
    return MovedFields(
        document_id=document.row.document_id,
        filename=document.row.filename,
        fields=[_target(change) for change in document.fields[:MAX_FIELDS]],
        fields_moved=_all_of(len(document.fields), MAX_FIELDS),
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
