"""The documents of an experiment run, worst first, and what changed since another run."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retab_mcp.analysis.cause.classify import classify
from retab_mcp.analysis.message_folding import fold_message
from retab_mcp.models import ExperimentJob, Json, Status
from retab_mcp.models.experiment_run import ExperimentMetrics, TargetScore

# A score is a share of votes: a smaller change is rounding.
MIN_CHANGE = 0.005


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document of a run. `job` is None where only the other run has the document.

    `status_before` and `score_before` are from the run compared with; None where there is none,
    or where it lacks the document.
    """

    document_id: str
    filename: str | None
    job: ExperimentJob | None
    score: float | None
    status_before: str | None = None
    score_before: float | None = None

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
    """The jobs of a run's documents, their file names, and the run's scores."""

    jobs: Sequence[ExperimentJob]
    filenames: Mapping[str, str]
    metrics: ExperimentMetrics | None


def document_rows(run: RunTable, before: RunTable | None = None) -> list[DocumentRow]:
    """Return one row per document of `run` and of `before`, the run compared with, worst first.

    Without `before`: failed documents, then by score, the lowest first. With it: documents that
    changed to failed, other changes of status, then by the loss of score.
    """
    scores, names = _scores(run), dict(run.filenames)
    scores_before = _scores(before) if before else {}
    jobs = {job.document_id: job for job in run.jobs}
    jobs_before = {job.document_id: job for job in before.jobs} if before else {}
    if before is not None:
        names = {**before.filenames, **names}
    for table in filter(None, (before, run)):
        documents = table.metrics.documents if table.metrics else ()
        names.update({each.document_id: each.filename for each in documents if each.filename})
    rows = [
        DocumentRow(
            document_id=document_id,
            filename=names.get(document_id),
            job=jobs.get(document_id),
            score=scores.get(document_id),
            status_before=jobs_before[document_id].status if document_id in jobs_before else None,
            score_before=scores_before.get(document_id),
        )
        for document_id in {**jobs, **jobs_before}
    ]
    return sorted(rows, key=_compared_rank if before else _rank)


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
_BADNESS: dict[str, int] = {Status.ERROR: 0, Status.CANCELLED: 1, Status.COMPLETED: 3}


def _badness(status: str | None) -> int:
    return _BADNESS.get(status or "", 2)


def _scores(run: RunTable) -> dict[str, float]:
    documents = run.metrics.documents if run.metrics else ()
    return {each.document_id: each.score for each in documents if each.score is not None}


def _rank(row: DocumentRow) -> tuple[int, bool, float, str]:
    return _badness(row.status), row.score is None, row.score or 0.0, row.document_id


def _compared_rank(row: DocumentRow) -> tuple[bool, int, float, bool, float, str]:
    unscored = row.score is None
    badness = _badness(row.status)
    return (
        not row.flipped,
        badness,
        row.change or 0.0,
        unscored,
        row.score or 0.0,
        row.document_id,
    )


def _moved(score: float | None, before: float | None) -> bool:
    if score is None or before is None:
        return (score is None) != (before is None)
    return abs(score - before) >= MIN_CHANGE


def _loss(change: TargetChange) -> tuple[float, str]:
    return (change.score or 0.0) - (change.score_before or 0.0), change.path
