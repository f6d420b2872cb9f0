"""A run of an experiment: one block on many documents, each with a score."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from retab_mcp.models.base import Json, Record, elapsed_ms
from retab_mcp.models.failure import Failure
from retab_mcp.models.status import StatusWord


class MetricsKind(StrEnum):
    """The state of an experiment run's scores: present, stale, missing."""

    SUMMARY = "summary"
    STALE = "stale_metrics"
    NONE = "no_metrics"


class ExperimentRun(Record):
    """A run of an experiment.

    `score` is from 0 to 1, None before there is one. `type` is that of the block (extract,
    classifier, split, for_each). `parent_run_id` is the run whose unchanged results were reused.
    The fingerprints are equal for equal documents and equal configurations of the block.
    `duration_ms` is as sent; use `elapsed_ms`.
    """

    id: str
    experiment_id: str | None = None
    workflow_id: str | None = None
    block_id: str | None = None
    type: str | None = None
    status: StatusWord
    failure: Failure | None = None
    reason: str | None = None
    score: float | None = None
    n_consensus: int | None = None
    workflow_version_id: str | None = None
    block_version_id: str | None = None
    configuration_fingerprint: str | None = None
    documents_fingerprint: str | None = None
    parent_run_id: str | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    duration_ms: int | None = None

    @property
    def elapsed_ms(self) -> int | None:
        """Return the duration in milliseconds, as sent or from the times; None while unknown."""
        if self.duration_ms is not None:
            return self.duration_ms
        return elapsed_ms(self.started_at, self.completed_at)


class DocumentFile(Record):
    """The file of an experiment's document; both fields can be missing."""

    id: str | None = None
    filename: str | None = None


class DocumentScore(Record):
    """The score of one document, from 0 to 1; None without one."""

    document_id: str
    filename: str | None = None
    score: float | None = None


class ExperimentMetrics(Record):
    """The scores of an experiment run.

    `kind` is SUMMARY, or an error that the API sends with HTTP status 200: STALE (computed for an
    older configuration, see `stale_reasons`) or NONE. These have a `message` and no scores.
    `targets` is the mean score by field of an extraction, or by category.
    `prior_run_id` is the run that the API compares with.
    """

    kind: MetricsKind
    message: str = ""
    stale_reasons: tuple[str, ...] = ()
    score: float | None = None
    prior_run_id: str | None = None
    documents: tuple[DocumentScore, ...] = ()
    targets: dict[str, float] = Field(default_factory=dict)


class TargetScore(Record):
    """The score and the value of one field in one document."""

    path: str
    score: float | None = None
    value: Json = None
