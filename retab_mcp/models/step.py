"""A step of a run: the summary, which is kept, and the payload, which is digested and let go."""

from datetime import datetime

from pydantic import Field

from retab_mcp.models.base import Json, Record, elapsed_ms
from retab_mcp.models.failure import Failure
from retab_mcp.models.operation import OperationWord
from retab_mcp.models.status import StatusWord


class LoopPosition(Record):
    """Where in one loop container a step ran; `iteration` counts from 0."""

    container_id: str
    iteration: int | None = None
    is_parallel: bool = False
    item_index: int | None = None


class ArtifactRef(Record):
    """Reference to the record that a step produced; the older generations lack `operation`."""

    operation: OperationWord | None = None
    id: str


class StepSummary(Record):
    """All of a step but its payloads.

    `duration_ms` is what the API sent (older generations only): read `elapsed_ms`, which derives
    it otherwise. `loops` goes from the outermost container to the innermost. `reason` is why a
    step was skipped or cancelled. `cost` (USD) and `tokens` exist in g1 and g2a only.
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
        """Duration in milliseconds, as sent or from the times; None while it is not known."""
        if self.duration_ms is not None:
            return self.duration_ms
        return elapsed_ms(self.started_at, self.completed_at)


class StepPayload(Record):
    """What went into a step and what came out, by handle id.

    A handle is an object {"type": "file"|"json"|…, "document": {"id", "filename", "mime_type"}}
    or {"type": "json", "data": any JSON}, with whatever else the API sent; it may be null.
    `output` is the typed output that only g1 and g2a have (a function's stdout and traceback,
    the extracted data); None elsewhere.
    """

    handle_inputs: dict[str, Json] = Field(default_factory=dict)
    handle_outputs: dict[str, Json] = Field(default_factory=dict)
    output: Json = None


class Step(Record):
    """A step as it was read: its summary and its payload."""

    summary: StepSummary
    payload: StepPayload = StepPayload()
