"""What tracing a value asks for, and what it returns."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from retab_mcp.analysis.lineage.matching.leaves import Tokens, value_at
from retab_mcp.analysis.lineage.matching.likeness import same
from retab_mcp.digest.pointer import format_pointer
from retab_mcp.models import Artifact, Json, StepPayload, StepSummary
from retab_mcp.models.document_source import DocumentSource
from retab_mcp.models.lineage import How, KnownBy, OriginKind

Side = Literal["handle_inputs", "handle_outputs"]


@dataclass(frozen=True)
class Spot:
    """A value in a step: `tokens` lead from the handle down, as in (handle, "data", "total")."""

    step: StepSummary
    side: Side
    tokens: Tokens
    value: Json

    @property
    def path(self) -> str:
        """The JSON Pointer in the step's record."""
        return format_pointer((self.side, *self.tokens))

    @property
    def identity(self) -> tuple[str, str, Tokens]:
        """What distinguishes the spot from others of the run."""
        return self.step.step_id, self.side, self.tokens


def equal_spots(spot: Spot, step: StepSummary, side: Side, handles: Json) -> Iterator[Spot]:
    """Yield the places in the handles of a step that have the value of `spot` below the handle.

    The path below the handle is the same; the handle can have another name.
    """
    for handle in handles:
        tokens = (handle, *spot.tokens[1:])
        there, value = value_at(handles, tokens)
        if there and same(value, spot.value):
            yield Spot(step, side, tokens, value)


@dataclass(frozen=True)
class Hop:
    """A spot on the way back, what its step did with the value, and what shows it."""

    spot: Spot
    how: How
    known_by: KnownBy | None = None


@dataclass(frozen=True)
class Competing:
    """A value that could have been taken instead; `why` it was not, or what it is.

    `path` is in the record of the step, or of its artifact where `in_artifact`.
    """

    step: StepSummary
    path: str
    value: Json
    why: str | None = None
    in_artifact: bool = False


@dataclass(frozen=True)
class Origin:
    """Where a value came from first; `facts` are the evidence, by the names that answers show."""

    kind: OriginKind
    spot: Spot | None = None
    facts: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Trace:
    """The way of a value, from the asked place back.

    `stopped_at` is the last spot if the budget ended the trace early.
    """

    hops: tuple[Hop, ...]
    origin: Origin
    competing: tuple[Competing, ...] = ()
    stopped_at: Spot | None = None


class OutOfRequestsError(Exception):
    """Thrown into a trace that needs more than may be read; it then ends where it is."""


@dataclass(frozen=True)
class NeedPayload:
    """Ask for the inputs and outputs of a step; answered with a StepPayload or None."""

    step: StepSummary


@dataclass(frozen=True)
class NeedArtifact:
    """Ask for a step's artifact; answered with an Artifact or None."""

    step: StepSummary


@dataclass(frozen=True)
class NeedSource:
    """Ask where in its document an extraction found the value at `tokens` of its output.

    Answered with a DocumentSource, None where that is unknown.
    """

    artifact: Artifact
    tokens: Tokens


@dataclass(frozen=True)
class NeedEdit:
    """Ask for the review that decided on a step's output; answered with facts or None."""

    step: StepSummary
    tokens: Tokens
    value: Json


Need = NeedPayload | NeedArtifact | NeedSource | NeedEdit
# None where it could not be read.
Reply: TypeAlias = StepPayload | Artifact | DocumentSource | dict[str, Json] | None
