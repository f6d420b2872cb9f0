"""How the artifacts of one operation are read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.summary import SummaryDraft
from retab_mcp.models import Artifact, FailureKind, Json, Operation


@dataclass(frozen=True, slots=True)
class FailureClue:
    """What an artifact says about the kind of its failure.

    Either the `kind` itself, the HTTP `status` of a called API, or an error `message` whose words
    show the kind. `reason` says where it was found.
    """

    reason: str
    kind: FailureKind | None = None
    status: int | None = None
    message: str = ""


def _no_evidence(artifact: Artifact) -> dict[str, Json]:
    return {}


def _no_clue(artifact: Artifact) -> FailureClue | None:
    return None


@dataclass(frozen=True, slots=True)
class OperationReader:
    """How to read the artifacts of one operation.

    `summarize` returns what matters in an artifact, `evidence` the few facts that show why its
    step failed, `clue` what it says about the kind of the failure (None: nothing). `findings` are
    the rules for a step that completed; each yields what is doubtful, without the step.
    """

    operation: Operation
    summarize: Callable[[Artifact], SummaryDraft]
    evidence: Callable[[Artifact], dict[str, Json]] = _no_evidence
    findings: tuple[Callable[[Artifact], Iterable[Finding]], ...] = ()
    clue: Callable[[Artifact], FailureClue | None] = _no_clue
