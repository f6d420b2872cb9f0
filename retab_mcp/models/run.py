"""A run of a workflow."""

from datetime import datetime

from pydantic import Field

from retab_mcp.models.base import Json, Record, elapsed_ms
from retab_mcp.models.failure import Failure
from retab_mcp.models.status import FINISHED, StatusWord
from retab_mcp.models.step import StepSummary


class RunInputs(Record):
    """What the run was started with, by id of the start block.

    A document is {"id", "filename", "mime_type"}.
    """

    documents: dict[str, Json] = Field(default_factory=dict)
    json_data: dict[str, Json] = Field(default_factory=dict)


class Run(Record):
    """A run of a workflow, of any generation.

    `generation` is the one whose shape the run had (g1 … g3). `trigger` holds `type` and what
    else the API says of it (email sender, schedule id, parent run). `duration_ms` is what the API
    sent: read `elapsed_ms`. `failing_step_id` is the API's hint, null or wrong often enough.
    `reason` is why it was cancelled. `steps` is the step list that g1 and g2a embed in the run
    (None elsewhere), without payloads. `cost` is in USD, `final_outputs` and `cost` exist in g1
    and g2a only.
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
        """Duration in milliseconds, as sent or from the times; None while it is not known."""
        if self.duration_ms is not None:
            return self.duration_ms
        return elapsed_ms(self.started_at, self.completed_at)

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen to this run (a run that awaits review is not)."""
        return self.status in FINISHED
