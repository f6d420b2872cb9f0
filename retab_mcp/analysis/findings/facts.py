"""The facts that rules about a run can use."""

from dataclasses import dataclass

from retab_mcp.models import Review, StepSummary


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run's steps and reviews, as far as they were read."""

    steps: tuple[StepSummary, ...]
    reviews: tuple[Review, ...]
