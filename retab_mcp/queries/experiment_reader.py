"""Read an experiment run, and compare its documents with those of another run."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from retab_mcp.analysis.experiments.document_table import (
    DocumentRow,
    RunTable,
    TargetChange,
    moved_fields,
)
from retab_mcp.models import ErrorKind
from retab_mcp.models.experiment_run import ExperimentMetrics, ExperimentRun, TargetScore
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.errors import QuestionError
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.experiment_run_routes import ExperimentIds, JobList

# Maximum documents whose fields are compared; each takes two requests.
MAX_COMPARED_DOCUMENTS = 3
# Maximum ids that an error names.
MAX_NAMED_DOCUMENTS = 5


@dataclass(frozen=True)
class ExperimentRead:
    """What was read of an experiment run; `gaps` are sentences about what could not be read."""

    run: ExperimentRun
    table: RunTable
    gaps: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class MovedDocument:
    """A document and its fields that changed between two runs."""

    row: DocumentRow
    fields: Sequence[TargetChange]


async def read_experiment_run(api: RetabApi, ids: ExperimentIds) -> ExperimentRead:
    """Return a run with its documents and scores.

    Scores that cannot be read become a gap. Raises RetabError, QuestionError (not_found).
    """
    try:
        run = await api.get_experiment_run(ids)
    except RetabError as error:
        if error.kind != ErrorKind.NOT_FOUND:
            raise
        message = f"There is no experiment run {ids.run_id} for this API key."
        raise QuestionError(ErrorKind.NOT_FOUND, message) from error
    jobs: list[JobList] = []
    metrics: list[ExperimentMetrics] = []
    gaps: list[str] = []

    async def read_jobs() -> None:
        jobs.append(await api.list_experiment_jobs(ids))

    async def read_metrics() -> None:
        try:
            metrics.append(await api.get_experiment_metrics(ids))
        except RetabError as error:
            gaps.append(f"the scores of {ids.run_id}: {error.message}")

    await concurrently([read_jobs, read_metrics])
    if not jobs[0].complete:
        gaps.append(f"not all documents of {ids.run_id} could be read")
    table = RunTable(jobs[0].jobs, jobs[0].files, metrics[0] if metrics else None, jobs[0].outputs)
    return ExperimentRead(run, table, gaps)


async def document_named(api: RetabApi, ids: ExperimentIds, name: str) -> str:
    """Return the id of the run's document with this file name, in any case.

    A name that no document has is returned as it is: it may be an id of an unknown form. Raises
    RetabError, QuestionError (invalid_argument) if several documents have it.
    """
    jobs = await api.list_experiment_jobs(ids)
    wanted = name.casefold()
    found = [
        document_id
        for document_id, file in jobs.files.items()
        if (file.filename or "").casefold() == wanted
    ]
    if len(found) > 1:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            f"{len(found)} documents of {ids.run_id} are named {name}.",
            hint=f"Give one of their ids: {', '.join(found[:MAX_NAMED_DOCUMENTS])}.",
        )
    return found[0] if found else name


async def compare_documents(
    api: RetabApi, ids: ExperimentIds, before: ExperimentIds, rows: Sequence[DocumentRow]
) -> tuple[list[MovedDocument], list[str]]:
    """Return the fields that changed in the documents whose score moved most (at most 3).

    The second item lists, as sentences, what could not be read. Never raises.
    """
    moved = sorted((row for row in rows if row.change), key=lambda row: -abs(row.change or 0.0))
    gaps: list[str] = []

    async def read(row: DocumentRow) -> MovedDocument:
        fields: list[tuple[TargetScore, ...]] = []
        for each in (ids, before):
            try:
                fields.append(await api.get_target_scores(each, row.document_id))
            except RetabError as error:
                gaps.append(f"the fields of {row.document_id}: {error.message}")
                return MovedDocument(row, ())
        return MovedDocument(row, moved_fields(*fields))

    chosen = moved[:MAX_COMPARED_DOCUMENTS]
    return await concurrently([partial(read, row) for row in chosen]), gaps
