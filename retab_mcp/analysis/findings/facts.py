"""The facts that rules about a run can use."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from retab_mcp.models import Artifact, Graph, Review, StepPayload, StepSummary


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run's steps, reviews, artifacts and payloads, as far as they were read.

    `artifacts` and `payloads` are by step id; payloads are open, so that reading their handles
    raises nothing. `graph` is None where it was not read. `complete` says whether `steps` are all
    steps of the run.
    """

    steps: tuple[StepSummary, ...]
    reviews: tuple[Review, ...] = ()
    artifacts: Mapping[str, Artifact] = field(default_factory=dict)
    payloads: Mapping[str, StepPayload] = field(default_factory=dict)
    graph: Graph | None = None
    complete: bool = True
