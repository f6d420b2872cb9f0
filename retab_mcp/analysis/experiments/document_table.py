"""The documents of an experiment run, worst first, and what changed since another run."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from retab_mcp.analysis.cause.classify import classify
from retab_mcp.analysis.compare.path_changes import PathChange, path_changes
from retab_mcp.analysis.message_folding import fold_message
from retab_mcp.models import ExperimentJob, Json, Status
from retab_mcp.models.experiment_run import DocumentFile, ExperimentMetrics, TargetScore

# A score is a share of votes: a smaller change is rounding.
MIN_CHANGE = 0.005


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document of a run. `job` is None where only the other run has the document.

    `status_before` and `score_before` are from the run compared with; None where there is none,
    or where it lacks the document. `id_before` is the document's id there, `file_replaced` says
    that the same document has another file. `changes` are between the outputs of both runs, None
    where they were not compared.
    """

    document_id: str
    filename: str | None
    job: ExperimentJob | None
    score: float | None
    status_before: str | None = None
    score_before: float | None = None
    id_before: str | None = None
    file_replaced: bool = False
    changes: tuple[PathChange, ...] | None = None

    @property
    def in_both(self) -> bool:
        """True if both runs have the document."""
        return self.job is not None and self.id_before is not None

    @property
    def status(self) -> str | None:
        """The status of the document's job, None if this run has none."""
        return self.job.status if self.job else None

    @property
    def flipped(self) -> bool:
        """True if the document's status differs from that in the run compared with."""
        return self.status_before is not None and self.status not in (None, self.status_before)

    @property
    def change(self) -> float | None:
        """The change of the score, None if either score is unknown."""
        if self.score is None or self.score_before is None:
            return None
        moved = self.score - self.score_before
        return moved if abs(moved) >= MIN_CHANGE else 0.0

    def state(self, *, run_ended: bool) -> str | None:
        """Return the status, or why a document of an ended run has no result."""
        if self.job is None:
            return None
        if self.job.is_placeholder:
            return "placeholder"
        if run_ended and self.job.status in _NOT_STARTED:
            return "never_ran"
        return "never_ended" if run_ended and self.job.status == Status.RUNNING else self.status


@dataclass(frozen=True, slots=True)
class DocumentFailures:
    """Documents that failed in the same way; `message` is from the first."""

    kind: str
    message: str
    document_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TargetChange:
    """A field (or category) whose score changed; the values are from one document."""

    path: str
    score: float | None
    score_before: float | None
    value: Json = None
    value_before: Json = None


@dataclass(frozen=True, slots=True)
class RunTable:
    """The jobs of a run's documents, their files and outputs, and the run's scores."""

    jobs: Sequence[ExperimentJob]
    files: Mapping[str, DocumentFile]
    metrics: ExperimentMetrics | None
    outputs: Mapping[str, Json] = field(default_factory=dict)


def document_rows(run: RunTable, before: RunTable | None = None) -> list[DocumentRow]:
    """Return one row per document of `run` and of `before`, the run compared with, worst first.

    Without `before`: failed documents, then by score, the lowest first. With it: documents that
    changed to failed, other changes of status, then by the loss of score, then those of other
    values.
    """
    scores, names = _scores(run), _names(run)
    jobs = {job.document_id: job for job in run.jobs}
    if before is None:
        rows = [_row(job, names, scores) for job in jobs.values()]
        return sorted(rows, key=_rank)
    pairs = paired_documents(run, before)
    scores_before, names_before = _scores(before), _names(before)
    jobs_before = {job.document_id: job for job in before.jobs}
    rows = []
    for job in jobs.values():
        other_id = pairs.get(job.document_id)
        row = _row(job, {**names_before, **names}, scores)
        if other_id is not None:
            row = replace(
                row,
                status_before=jobs_before[other_id].status,
                score_before=scores_before.get(other_id),
                id_before=other_id,
                file_replaced=_replaced(run, before, job.document_id, other_id),
                changes=_changes(run, before, job.document_id, other_id),
            )
        rows.append(row)
    gone = jobs_before.keys() - set(pairs.values())
    rows += [
        DocumentRow(
            document_id=document_id,
            filename=names_before.get(document_id),
            job=None,
            score=None,
            status_before=jobs_before[document_id].status,
            score_before=scores_before.get(document_id),
            id_before=document_id,
        )
        for document_id in jobs_before
        if document_id in gone
    ]
    return sorted(rows, key=_compared_rank)


def paired_documents(run: RunTable, before: RunTable) -> dict[str, str]:
    """Return the id in `before` of each document of `run` that is in both.

    Documents are the same if their ids are, else if their files have the same id, else if they have
    the same file name, which no other document has.
    """
    mine = {job.document_id for job in run.jobs}
    theirs = {job.document_id for job in before.jobs}
    pairs = {document_id: document_id for document_id in mine & theirs}
    for name in ("id", "filename"):
        left = _by_file(run, name, mine - pairs.keys())
        others = _by_file(before, name, theirs - set(pairs.values()))
        pairs |= {left[key]: others[key] for key in left.keys() & others.keys()}
    return pairs


def group_document_failures(rows: Sequence[DocumentRow]) -> list[DocumentFailures]:
    """Return the failed documents by kind and folded message, the largest group first."""
    groups: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        if row.job is None or row.job.status != Status.ERROR:
            continue
        message = row.job.failure.message if row.job.failure else ""
        key = (classify(row.job.failure).kind, fold_message(message))
        groups[key].append((row.document_id, message))
    found = [
        DocumentFailures(kind, members[0][1], tuple(document_id for document_id, _ in members))
        for (kind, _), members in groups.items()
    ]
    return sorted(found, key=lambda group: (-len(group.document_ids), group.kind, group.message))


def moved_targets(
    scores: Mapping[str, float], scores_before: Mapping[str, float]
) -> list[TargetChange]:
    """Return the targets whose mean score changed or is in one run only, largest loss first."""
    changes = [
        TargetChange(path, scores.get(path), scores_before.get(path))
        for path in {**scores, **scores_before}
        if _moved(scores.get(path), scores_before.get(path))
    ]
    return sorted(changes, key=_loss)


def moved_fields(
    fields: Sequence[TargetScore], fields_before: Sequence[TargetScore]
) -> list[TargetChange]:
    """Return the fields of one document whose value or score changed, changed values first."""
    now = {field.path: field for field in fields}
    before = {field.path: field for field in fields_before}
    changes = []
    for path in {**now, **before}:
        one, other = now.get(path) or _NOTHING, before.get(path) or _NOTHING
        if one.value != other.value or _moved(one.score, other.score):
            changes.append(TargetChange(path, one.score, other.score, one.value, other.value))
    return sorted(changes, key=lambda each: (each.value == each.value_before, *_loss(each)))


_NOTHING = TargetScore(path="")

# Order of statuses, worst first; unfinished ones are between.
_NOT_STARTED = frozenset({Status.PENDING, Status.QUEUED})
_BADNESS: dict[str, int] = {Status.ERROR: 0, Status.CANCELLED: 1, Status.COMPLETED: 3}


def _by_file(table: RunTable, name: str, document_ids: Collection[str]) -> dict[str, str]:
    """Return document ids by the id or name of their file, without those that share it."""
    found: dict[str, list[str]] = defaultdict(list)
    for document_id in document_ids:
        file = table.files.get(document_id)
        key = getattr(file, name) if file else None
        if key is not None:
            found[key].append(document_id)
    return {key: ids[0] for key, ids in found.items() if len(ids) == 1}


def _replaced(run: RunTable, before: RunTable, document_id: str, other_id: str) -> bool:
    file, other = run.files.get(document_id), before.files.get(other_id)
    known = file and other and file.id and other.id
    return document_id == other_id and bool(known) and file != other


def _changes(
    run: RunTable, before: RunTable, document_id: str, other_id: str
) -> tuple[PathChange, ...] | None:
    if document_id not in run.outputs or other_id not in before.outputs:
        return None
    outputs, other = run.outputs[document_id], before.outputs[other_id]
    return path_changes({"handle_outputs": outputs}, {"handle_outputs": other})


def _row(job: ExperimentJob, names: Mapping[str, str], scores: Mapping[str, float]) -> DocumentRow:
    name, score = names.get(job.document_id), scores.get(job.document_id)
    return DocumentRow(document_id=job.document_id, filename=name, job=job, score=score)


def _names(table: RunTable) -> dict[str, str]:
    """Return file names by document id, those of the scores first."""
    names = {key: file.filename for key, file in table.files.items() if file.filename}
    documents = table.metrics.documents if table.metrics else ()
    return names | {each.document_id: each.filename for each in documents if each.filename}


def _badness(status: str | None) -> int:
    return _BADNESS.get(status or "", 2)


def _scores(run: RunTable) -> dict[str, float]:
    documents = run.metrics.documents if run.metrics else ()
    return {each.document_id: each.score for each in documents if each.score is not None}


def _rank(row: DocumentRow) -> tuple[int, bool, float, str]:
    return _badness(row.status), row.score is None, row.score or 0.0, row.document_id


def _compared_rank(row: DocumentRow) -> tuple[bool, int, float, bool, bool, float, str]:
    return (
        not row.flipped,
        _badness(row.status),
        row.change or 0.0,
        not row.changes,
        row.score is None,
        row.score or 0.0,
        row.document_id,
    )


def _moved(score: float | None, before: float | None) -> bool:
    if score is None or before is None:
        return (score is None) != (before is None)
    return abs(score - before) >= MIN_CHANGE


def _loss(change: TargetChange) -> tuple[float, str]:
    return (change.score or 0.0) - (change.score_before or 0.0), change.path
