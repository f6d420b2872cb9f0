"""The facts known about a run: its steps as far as they were read, and its explanation."""

from dataclasses import dataclass, field

from retab_mcp.analysis.cause.other_steps.other_failures import OtherFailures
from retab_mcp.analysis.cause.other_steps.waiting_steps import WaitingStep
from retab_mcp.analysis.cause.restarts.restart import Restart
from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.lineage.missing_inputs import ExpectedInputs
from retab_mcp.analysis.lineage.suspicious_inputs import Suspicions
from retab_mcp.analysis.time_account.run_time import RunTime
from retab_mcp.models import Review, Run, StepSummary


@dataclass(frozen=True)
class StepsRead:
    """The steps of a run; `why` says why the list is incomplete, None if it is complete."""

    steps: tuple[StepSummary, ...]
    why: str | None = None

    @property
    def complete(self) -> bool:
        """True if these are all steps of the run."""
        return self.why is None


@dataclass(frozen=True)
class Explanation:
    """Why a run failed, waits or was cancelled, or what is doubtful in it.

    For a run that failed, waits or was cancelled: `cause`, whether to `restart` it, the root-cause
    `step`, whether its record `has_inputs`, `inputs_from` (the step that produced each of its input
    handles), the `expected` inputs and the `suspicious` values in them, `others` (failures that it
    does not explain) and the `waiting` steps. For a completed or unfinished run: `findings`. `time`
    is what its time went into. `gaps`
    are sentences about what could not be read.
    """

    run: Run
    read: StepsRead
    cause: RootCause | None = None
    restart: Restart | None = None
    step: StepSummary | None = None
    has_inputs: bool = True
    inputs_from: dict[str, StepSummary] = field(default_factory=dict)
    expected: ExpectedInputs | None = None
    suspicious: Suspicions | None = None
    reviews: tuple[Review, ...] = ()
    findings: tuple[Finding, ...] = ()
    others: OtherFailures | None = None
    waiting: tuple[WaitingStep, ...] = ()
    time: RunTime | None = None
    gaps: tuple[str, ...] = ()
