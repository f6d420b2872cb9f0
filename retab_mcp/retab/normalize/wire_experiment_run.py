"""Read an experiment run and its metrics."""

from collections.abc import Mapping

from retab_mcp.models import Json
from retab_mcp.models.experiment import Experiment
from retab_mcp.models.experiment_run import (
    DocumentScore,
    ExperimentMetrics,
    ExperimentRun,
    MetricsKind,
    TargetScore,
)
from retab_mcp.retab.generations.registry import names
from retab_mcp.retab.normalize.fields import (
    first_text,
    listing,
    mapping,
    moment,
    number,
    record,
    text,
    texts,
    whole,
)
from retab_mcp.retab.normalize.lifecycle import failure_of, reason_of, status_of


def experiment_from_wire(body: Json) -> Experiment:
    """Return an experiment. Raises RetabError (bad_response) when the body is not an object."""
    row = record(body, "experiment")
    return Experiment(
        id=first_text(row, "id") or "",
        name=first_text(row, "name"),
        workflow_id=first_text(row, "workflow_id"),
        block_id=first_text(row, "block_id"),
        status=first_text(row, "status"),
        score=number(row.get("score")),
        document_count=whole(row.get("document_count")),
        last_run_id=first_text(row, "last_run_id"),
        created_at=moment(row.get("created_at")),
    )


def experiment_run_from_wire(
    body: Json, *, run_id: str = "", experiment_id: str | None = None
) -> ExperimentRun:
    """Return an experiment run; the given ids are used when the body lacks them.

    Raises RetabError (bad_response) when the body is not an object.
    """
    row = record(body, "experiment run")
    timing = {**row, **mapping(row.get("timing"))}
    workflow = mapping(row.get("workflow"))
    status = status_of(row)
    return ExperimentRun(
        id=first_text(row, "id") or run_id,
        experiment_id=first_text(row, "experiment_id") or experiment_id,
        workflow_id=first_text(row, "workflow_id") or first_text(workflow, "workflow_id"),
        block_id=first_text(row, "block_id"),
        type=first_text(row, *names("block", "block_type")),
        status=status,
        failure=failure_of(row, status),
        reason=reason_of(row, status),
        score=number(row.get("score")),
        n_consensus=whole(row.get("n_consensus")),
        workflow_version_id=first_text(row, "workflow_version_id")
        or first_text(workflow, "version_id", "workflow_version_id"),
        block_version_id=first_text(row, "block_version_id"),
        configuration_fingerprint=first_text(
            row, "block_execution_fingerprint", "definition_fingerprint"
        ),
        documents_fingerprint=first_text(row, "documents_fingerprint"),
        parent_run_id=first_text(row, "parent_run_id"),
        created_at=moment(timing.get("created_at")),
        started_at=moment(timing.get("started_at")),
        completed_at=moment(timing.get("completed_at")),
        duration_ms=whole(timing.get("duration_ms")),
    )


def metrics_from_wire(body: Json) -> ExperimentMetrics:
    """Return the summary of an experiment run's scores.

    Errors that have HTTP status 200 are recognized by `kind`, in older generations by `error`.
    Raises RetabError (bad_response) when the body is not an object.
    """
    row = record(body, "summary of scores")
    word = first_text(row, "kind", "error")
    if word in (MetricsKind.STALE, MetricsKind.NONE):
        return ExperimentMetrics(
            kind=MetricsKind(word),
            message=first_text(row, "message") or "",
            stale_reasons=texts(row.get("stale_reasons")),
        )
    aggregate = mapping(row.get("aggregate"))
    return ExperimentMetrics(
        kind=MetricsKind.SUMMARY,
        score=number(row.get("score")),
        prior_run_id=first_text(row, "prior_run_id"),
        documents=tuple(_document(item) for item in _objects(row.get("documents"))),
        targets=_scores(aggregate.get("likelihoods")) or _scores(aggregate.get("diag")),
    )


def target_scores_from_wire(body: Json) -> tuple[TargetScore, ...]:
    """Return the fields of one document with their scores (view by_document).

    Empty when scores are stale or missing. Raises RetabError (bad_response) when the body is not
    an object.
    """
    row = record(body, "document's scores")
    return tuple(
        TargetScore(
            path=first_text(item, "path") or "",
            score=number(item.get("score")),
            value=item.get("value"),
        )
        for item in _objects(row.get("targets"))
    )


def _document(item: Mapping[str, Json]) -> DocumentScore:
    return DocumentScore(
        document_id=first_text(item, "id", "document_id") or "",
        filename=text(item.get("filename")),
        score=number(item.get("score")),
    )


def _objects(value: Json) -> list[dict[str, Json]]:
    return [mapping(item) for item in listing(value) if isinstance(item, dict)]


def _scores(value: Json) -> dict[str, float]:
    return {
        name: score for name, item in mapping(value).items() if (score := number(item)) is not None
    }
