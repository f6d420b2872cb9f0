"""A run of a workflow."""

from datetime import datetime

from pydantic import Field

from retab_mcp.models.base import Json, Record, elapsed_ms
from retab_mcp.models.failure import Failure
from retab_mcp.models.status import FINISHED, StatusWord
from retab_mcp.models.step import StepSummary


class RunInputs(Record):
    """The inputs of a run by id of the start block.

    A document is {"id", "filename", "mime_type"}.
    """

    documents: dict[str, Json] = Field(default_factory=dict)
    json_data: dict[str, Json] = Field(default_factory=dict)


class Run(Record):
    """A run of a workflow.

    `generation` names the API generation that was detected by the run's shape. `trigger` has a
    `type` and that type's own fields (email sender, schedule id, parent run). `duration_ms` is as
    sent; use `elapsed_ms`. `failing_step_id` is Retab's hint, which can be null or wrong. `reason`
    says why the run was cancelled. `steps` are the steps embedded in the run, without payloads;
    they, `final_outputs`, `cost` (USD) and `tokens` exist until May 2026 only.
    """

    id: str
    generation: str
    status: StatusWord
    workflow_id: str | None = None
    workflow_name: str | None = None
    workflow_version_id: str | None = None
    trigger: dict[str, Json] = Field(default_factory=dict)
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    duration_ms: int | None = None
    review_waiting_since: datetime | None = None
    review_waiting_ms: int | None = None
    failure: Failure | None = None
    failing_step_id: str | None = None
    reason: str | None = None
    waiting_for_block_ids: tuple[str, ...] = ()
    inputs: RunInputs = RunInputs()
    metadata: dict[str, Json] = Field(default_factory=dict)
    steps: tuple[StepSummary, ...] | None = None
    final_outputs: Json = None
    cost: float | None = None
    tokens: int | None = None

    @property
    def elapsed_ms(self) -> int | None:
        """Return the duration in milliseconds, as sent or from the times; None while unknown."""
        if self.duration_ms is not None:
            return self.duration_ms
        return elapsed_ms(self.started_at, self.completed_at)

    @property
    def finished(self) -> bool:
        """Return whether the status is final; a run that awaits review is not finished."""
        return self.status in FINISHED
