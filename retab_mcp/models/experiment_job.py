"""The job of one document in an experiment run (a "result" in the current generation)."""

from datetime import datetime

from pydantic import Field

from retab_mcp.models.base import Json, Record, elapsed_ms
from retab_mcp.models.failure import Failure
from retab_mcp.models.status import StatusWord
from retab_mcp.models.step import ArtifactRef


class ExperimentJob(Record):
    """The execution of one block on one document of an experiment.

    `attempt` counts from 0. `duration_ms` is as sent; use `elapsed_ms`.
    """

    id: str
    run_id: str
    experiment_id: str | None = None
    document_id: str
    workflow_id: str | None = None
    status: StatusWord
    type: str | None = None
    failure: Failure | None = None
    reason: str | None = None
    attempt: int = 0
    is_placeholder: bool = False
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    duration_ms: int | None = None
    artifact: ArtifactRef | None = None
    handle_inputs: dict[str, Json] = Field(default_factory=dict)
    handle_outputs: dict[str, Json] = Field(default_factory=dict)

    @property
    def elapsed_ms(self) -> int | None:
        """Return the duration in milliseconds, as sent or from the times; None while unknown."""
        if self.duration_ms is not None:
            return self.duration_ms
        return elapsed_ms(self.started_at, self.completed_at)
