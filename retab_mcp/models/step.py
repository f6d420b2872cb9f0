"""A step of a run: its summary, which is cached, and its payload, which is not."""

from datetime import datetime

from pydantic import Field

from retab_mcp.models.base import Json, Record, elapsed_ms
from retab_mcp.models.failure import Failure
from retab_mcp.models.operation import OperationWord
from retab_mcp.models.status import StatusWord


class LoopPosition(Record):
    """The iteration of one loop container in which a step ran; `iteration` counts from 0."""

    container_id: str
    iteration: int | None = None
    is_parallel: bool = False
    item_index: int | None = None


class ArtifactRef(Record):
    """Reference to the record that a step produced; older servers do not send `operation`."""

    operation: OperationWord | None = None
    id: str


class StepSummary(Record):
    """A step without its payload.

    `duration_ms` is as sent by older servers; use `elapsed_ms`. `loops` are the loop containers,
    outermost first. `reason` says why a step was skipped or cancelled. `cost` (USD) and `tokens`
    exist until May 2026 only.
    """

    run_id: str
    step_id: str
    block_id: str
    type: str | None = None
    label: str | None = None
    status: StatusWord
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    duration_ms: int | None = None
    failure: Failure | None = None
    reason: str | None = None
    retry_count: int = 0
    loops: tuple[LoopPosition, ...] = ()
    model: str | None = None
    artifact: ArtifactRef | None = None
    cost: float | None = None
    tokens: int | None = None

    @property
    def elapsed_ms(self) -> int | None:
        """Return the duration in milliseconds, as sent or from the times; None while unknown."""
        if self.duration_ms is not None:
            return self.duration_ms
        return elapsed_ms(self.started_at, self.completed_at)


class StepPayload(Record):
    """The inputs and outputs of a step by handle id.

    A handle is {"type": "file"|…, "document": {"id", "filename", "mime_type"}} or {"type": "json",
    "data": any JSON}, with any other fields that were sent; it may be null. `output` is the typed
    output of older servers (a function's stdout and traceback, the extracted data), else None.
    """

    handle_inputs: dict[str, Json] = Field(default_factory=dict)
    handle_outputs: dict[str, Json] = Field(default_factory=dict)
    output: Json = None


class Step(Record):
    """A step: its summary and its payload."""

    summary: StepSummary
    payload: StepPayload = StepPayload()
