"""What changed between two runs of an experiment, as parts of an answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from retab_mcp.analysis.compare.json_diff import ADDED, REMOVED
from retab_mcp.analysis.compare.path_changes import PathChange
from retab_mcp.analysis.experiments.document_table import DocumentRow, TargetChange, moved_targets
from retab_mcp.analysis.experiments.run_changes import (
    RenamedField,
    changed_settings,
    renamed_fields,
    scores_in_both,
    without_renamed,
)
from retab_mcp.analysis.summary import short
from retab_mcp.answers.common.answer import Part
from retab_mcp.digest.pointer import format_pointer
from retab_mcp.digest.text import clip
from retab_mcp.models import Json, Status
from retab_mcp.models.experiment_run import MetricsKind
from retab_mcp.queries.experiment_reader import (
    MAX_COMPARED_DOCUMENTS,
    ExperimentRead,
    MovedDocument,
)

MESSAGE_TOKENS = 40
VALUE_TOKENS = 16
# Maximum targets, fields of a document and renamed fields shown, those that changed most first.
MAX_TARGETS = 5
MAX_FIELDS = 3
MAX_RENAMED = 5
_SCORE_DIGITS = 4


class MetricsState(Part):
    """Why there are no scores: stale_metrics, no_metrics, or unread."""

    state: str
    message: str | None = None
    reasons: list[str] = []


class ComparedRun(Part):
    """The run compared with; `later` if it is the later of the two."""

    run_id: str
    status: str
    created_at: datetime | None = None
    later: bool | None = None
    score: float | None = None
    metrics: MetricsState | None = None


class SettingPart(Part):
    """A setting that differs between the runs; without values, only that is known."""

    field: str
    value: Json = None
    value_before: Json = None


class InBothPart(Part):
    """The documents that are in both runs, and the mean scores of those that both scored."""

    documents: int
    scored: int
    score: float | None = None
    score_before: float | None = None
    values_changed: int | None = None
    values_not_compared: int | None = None


class RenamedPart(Part):
    """A field with another name and the same values."""

    path: str
    path_before: str


class MovedTarget(Part):
    """A field (or category) whose score or value changed, the value in `rows` rows of an array.

    Values are kept if they differ, even null; `only_in` says which run has the field if one has.
    """

    path: str
    score: float | None = None
    score_before: float | None = None
    value: Json = None
    value_before: Json = None
    only_in: str | None = None
    rows: int | None = None

    def _keeps(self, name: str) -> bool:
        if self.only_in is not None:
            return name == {"run_id": "value", "compared_to": "value_before"}[self.only_in]
        return name.startswith("value") and self.value != self.value_before


class MovedFields(Part):
    """The changed fields of a document; `fields_moved` counts all if not all are shown."""

    document_id: str
    filename: str | None = None
    fields: list[MovedTarget]
    fields_moved: int | None = None


class ComparisonPart(Part):
    """Base of an answer that compares two runs of an experiment."""

    compared_to: ComparedRun | None = None
    changed: list[SettingPart] = []
    in_both: InBothPart | None = None
    renamed: list[RenamedPart] = []
    targets: list[MovedTarget] = []
    targets_moved: int | None = None
    moved: list[MovedFields] = []
    documents_moved: int | None = None


def comparison(
    read: ExperimentRead,
    before: ExperimentRead,
    rows: Sequence[DocumentRow],
    moved: Sequence[MovedDocument],
) -> ComparisonPart:
    """Return what changed from run `before` to run `read`.

    `moved` are the documents whose scores moved most, with the fields that the scores name.
    """
    both = scores_in_both(rows)
    renamed = renamed_fields(rows)
    targets = _targets(read, before, renamed)
    changed = _changed_rows(rows, renamed)
    documents = [
        _document(each.row, [_target(change) for change in each.fields])
        for each in moved
        if each.fields
    ]
    shown = {document.document_id for document in documents}
    others = [row for row in changed if row.document_id not in shown]
    for row in others[: MAX_COMPARED_DOCUMENTS - len(documents)]:
        left = without_renamed(row.changes or (), renamed)
        documents.append(_document(row, [_changed_value(change) for change in left]))
    compared = [row for row in rows if row.changes is not None]
    unread = sum(_completed_in_both(row) and row.changes is None for row in rows)
    return ComparisonPart(
        compared_to=_compared(read, before),
        changed=[
            SettingPart(field=each.name, value=each.value, value_before=each.before)
            for each in changed_settings(read.run, before.run)
        ],
        in_both=InBothPart(
            documents=both.documents,
            scored=both.scored,
            score=rounded_score(both.score),
            score_before=rounded_score(both.before),
            values_changed=len(changed) if compared else None,
            values_not_compared=unread or None,
        ),
        renamed=[
            RenamedPart(path=format_pointer(one.now), path_before=format_pointer(one.before))
            for one in renamed[:MAX_RENAMED]
        ],
        targets=[_target(change) for change in targets[:MAX_TARGETS]],
        targets_moved=all_of(len(targets), MAX_TARGETS),
        moved=documents,
        documents_moved=all_of(
            len(
                {row.document_id for row in rows if row.change}
                | {row.document_id for row in changed}
            ),
            MAX_COMPARED_DOCUMENTS,
        ),
    )


def _changed_rows(
    rows: Sequence[DocumentRow], renamed: Sequence[RenamedField]
) -> list[DocumentRow]:
    """Return the documents whose values changed, the worst first; rounding errors are no change."""
    changed = []
    for row in rows:
        left = without_renamed(row.changes or (), renamed)
        severities = [each.severity for each in left if each.rounding < each.count]
        if severities:
            changed.append((max(severities), row))
    return [row for _, row in sorted(changed, key=lambda each: each[0], reverse=True)]


def rounded_score(score: float | None) -> float | None:
    """Return a score, rounded to be shown."""
    return None if score is None else round(score, _SCORE_DIGITS)


def metrics_state(read: ExperimentRead) -> MetricsState | None:
    """Return why a run has no scores, None if it has."""
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


def _completed_in_both(row: DocumentRow) -> bool:
    return row.in_both and row.status == row.status_before == Status.COMPLETED


def _compared(read: ExperimentRead, before: ExperimentRead) -> ComparedRun:
    run = before.run
    times = read.run.created_at, run.created_at
    later = times[0] is not None and times[1] is not None and times[1] > times[0]
    return ComparedRun(
        run_id=run.id,
        status=run.status,
        created_at=run.created_at,
        later=later or None,
        score=rounded_score(run.score),
        metrics=metrics_state(before),
    )


def all_of(count: int, most: int) -> int | None:
    """Return `count`, None if all of them are shown."""
    return count if count > most else None


def _targets(
    read: ExperimentRead, before: ExperimentRead, renamed: Sequence[RenamedField]
) -> list[TargetChange]:
    """Return the targets that moved; empty unless both runs have scores."""
    now, then = read.table.metrics, before.table.metrics
    if (
        now is None
        or then is None
        or now.kind != MetricsKind.SUMMARY
        or then.kind != MetricsKind.SUMMARY
    ):
        return []
    names = {_target_name(one.before): _target_name(one.now) for one in renamed}
    return moved_targets(
        now.targets, {_renamed_target(path, names): score for path, score in then.targets.items()}
    )


def _target_name(tokens: tuple[str, ...]) -> str:
    """Return the name of a field in the scores, given a pointer's tokens into a job's outputs.

    The first three are handle_outputs, the handle and data.
    """
    return "/".join(tokens[3:])


def _renamed_target(path: str, names: Mapping[str, str]) -> str:
    """Return the path with the field's new name; the scores write a path with or without `/`."""
    bare = path.removeprefix("/")
    return path.removesuffix(bare) + names[bare] if bare in names else path


def _target(change: TargetChange) -> MovedTarget:
    scores = {
        "score": rounded_score(change.score),
        "score_before": rounded_score(change.score_before),
    }
    if change.value == change.value_before:
        return MovedTarget(path=change.path, **scores)
    return MovedTarget(
        path=change.path,
        **scores,
        value=short(change.value, VALUE_TOKENS),
        value_before=short(change.value_before, VALUE_TOKENS),
    )


def _document(row: DocumentRow, fields: list[MovedTarget]) -> MovedFields:
    return MovedFields(
        document_id=row.document_id,
        filename=row.filename,
        fields=fields[:MAX_FIELDS],
        fields_moved=all_of(len(fields), MAX_FIELDS),
    )


def _changed_value(found: PathChange) -> MovedTarget:
    change = found.change
    return MovedTarget(
        path=change.path,
        value=short(change.value, VALUE_TOKENS),
        value_before=short(change.other, VALUE_TOKENS),
        only_in={ADDED: "compared_to", REMOVED: "run_id"}.get(change.kind),
        rows=found.count if found.count > 1 else None,
    )
