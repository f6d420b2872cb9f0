"""What was found out about a run: its steps as far as they were read, and why it is as it is."""

from dataclasses import dataclass, field

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.lineage.suspicious_inputs import Suspicions
from retab_mcp.models import Review, Run, StepSummary


@dataclass(frozen=True)
class StepsRead:
    """The steps of a run; `why` says what kept the list from being complete, else None."""

    steps: tuple[StepSummary, ...]
    why: str | None = None

    @property
    def complete(self) -> bool:
        """Whether these are all steps of the run."""
        return self.why is None


@dataclass(frozen=True)
class Explanation:
    """What is known of a run after the first look at it.

    For a run that failed, waits or was cancelled: `cause`, the `step` at its root as its own
    route tells it, `inputs_from` (the step that made each of its input handles) and what looks
    `suspicious` in them. For a completed or unfinished one: `findings`. `gaps` says in words what
    could not be read.
    """

    run: Run
    read: StepsRead
    cause: RootCause | None = None
    step: StepSummary | None = None
    inputs_from: dict[str, StepSummary] = field(default_factory=dict)
    suspicious: Suspicions | None = None
    reviews: tuple[Review, ...] = ()
    findings: tuple[Finding, ...] = ()
    gaps: tuple[str, ...] = ()
