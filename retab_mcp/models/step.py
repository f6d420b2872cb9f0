"""A step of a run: its summary, which is cached, and its payload, which is not."""

from datetime import datetime
from typing import Protocol

from pydantic import ConfigDict, Field

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


class LazyHandles(Protocol):
    """Handles that are decoded only when they are read."""

    @property
    def is_empty(self) -> bool:
        """True if there are no handles."""

    @property
    def size(self) -> int:
        """The size of the handles in bytes of JSON."""

    @property
    def digest(self) -> bytes:
        """A short digest: handles of equal digests are equal once opened."""

    def open(self) -> dict[str, Json]:
        """Return the handles by id, cleaned and redacted."""


class StepPayload:
    """The inputs and outputs of a step by handle id.

    A handle is {"type": "file"|…, "document": {"id", "filename", "mime_type"}} or {"type": "json",
    "data": any JSON}, with any other fields that were sent; it may be null. `output` is the typed
    output of older servers (a function's stdout and traceback, the extracted data), else None.
    Sealed handles are opened when they are first read, then kept with the payload.
    """

    __slots__ = ("_handle_inputs", "_handle_outputs", "output")

    def __init__(
        self,
        handle_inputs: dict[str, Json] | LazyHandles | None = None,
        handle_outputs: dict[str, Json] | LazyHandles | None = None,
        output: Json = None,
    ) -> None:
        self._handle_inputs = {} if handle_inputs is None else handle_inputs
        self._handle_outputs = {} if handle_outputs is None else handle_outputs
        self.output = output

    @property
    def handle_inputs(self) -> dict[str, Json]:
        """The inputs by handle id. Raises the errors of `LazyHandles.open`."""
        if not isinstance(self._handle_inputs, dict):
            self._handle_inputs = self._handle_inputs.open()
        return self._handle_inputs

    @property
    def handle_outputs(self) -> dict[str, Json]:
        """The outputs by handle id. Raises the errors of `LazyHandles.open`."""
        if not isinstance(self._handle_outputs, dict):
            self._handle_outputs = self._handle_outputs.open()
        return self._handle_outputs

    @property
    def is_empty(self) -> bool:
        """True if there are no inputs and no outputs; opens nothing."""
        return self.output is None and not self.has_inputs and _is_empty(self._handle_outputs)

    @property
    def has_inputs(self) -> bool:
        """True if there are inputs; opens nothing."""
        return not _is_empty(self._handle_inputs)

    @property
    def sealed_inputs(self) -> LazyHandles | None:
        """The inputs, None if they are open."""
        return None if isinstance(self._handle_inputs, dict) else self._handle_inputs

    @property
    def sealed_outputs(self) -> LazyHandles | None:
        """The outputs, None if they are open."""
        return None if isinstance(self._handle_outputs, dict) else self._handle_outputs

    @property
    def sealed_handles(self) -> list[LazyHandles]:
        """The handles that nobody has read yet."""
        handles = self._handle_inputs, self._handle_outputs
        return [one for one in handles if not isinstance(one, dict)]

    @property
    def sealed_bytes(self) -> int:
        """The bytes of JSON that reading the handles will parse; 0 once they are open."""
        return _sealed_bytes(self._handle_inputs) + _sealed_bytes(self._handle_outputs)

    @property
    def digest(self) -> tuple[bytes, bytes] | None:
        """Digests of the inputs and outputs if both are sealed and all there is, else None."""
        inputs, outputs = self._handle_inputs, self._handle_outputs
        if isinstance(inputs, dict) or isinstance(outputs, dict) or self.output is not None:
            return None
        return inputs.digest, outputs.digest

    def open(self) -> None:
        """Open the handles, so that reading them raises nothing. Raises what reading them does."""
        self._handle_inputs, self._handle_outputs = self.handle_inputs, self.handle_outputs

    def drop(self) -> None:
        """Empty the handles, which cannot be opened."""
        self._handle_inputs, self._handle_outputs = {}, {}

    def without_sealed(self) -> "StepPayload":
        """Return a copy whose sealed handles are empty."""
        handles = self._handle_inputs, self._handle_outputs
        inputs, outputs = (one if isinstance(one, dict) else None for one in handles)
        return StepPayload(inputs, outputs, self.output)

    def with_output(self, output: Json) -> "StepPayload":
        """Return a copy with another typed output; opens nothing."""
        return StepPayload(self._handle_inputs, self._handle_outputs, output)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StepPayload):
            return NotImplemented
        return (self.handle_inputs, self.handle_outputs, self.output) == (
            other.handle_inputs,
            other.handle_outputs,
            other.output,
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"StepPayload(is_empty={self.is_empty})"


def _is_empty(handles: dict[str, Json] | LazyHandles) -> bool:
    return not handles if isinstance(handles, dict) else handles.is_empty


def _sealed_bytes(handles: dict[str, Json] | LazyHandles) -> int:
    return 0 if isinstance(handles, dict) else handles.size


class Step(Record):
    """A step: its summary and its payload."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    summary: StepSummary
    payload: StepPayload = Field(default_factory=StepPayload)
