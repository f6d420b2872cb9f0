"""Read artifacts by their operation; each operation has its own file."""

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.operation_reader import FailureClue, OperationReader
from retab_mcp.analysis.operations import (
    api_call,
    classification,
    edit,
    evaluations,
    extraction,
    function,
    parse,
    split,
)
from retab_mcp.analysis.summary import ArtifactSummary, SummaryDraft, fit_summary, present
from retab_mcp.analysis.values.artifact_fields import is_repeated
from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.digest.digest import digest
from retab_mcp.models import Artifact, Json

# The order in which artifacts are read if not all can be: the most informative first.
READERS: tuple[OperationReader, ...] = (
    extraction.READER,
    evaluations.WHILE_LOOP,
    evaluations.REVIEW_TRIGGER,
    evaluations.CONDITIONAL,
    split.SPLIT,
    classification.READER,
    split.PARTITION,
    api_call.READER,
    edit.READER,
    parse.READER,
    function.READER,
)
# Estimated tokens of all evidence; get_artifact has the rest.
EVIDENCE_TOKENS = 300

_BY_OPERATION: dict[str, OperationReader] = {reader.operation: reader for reader in READERS}
_PRIORITIES: dict[str, int] = {reader.operation: number for number, reader in enumerate(READERS)}
# Keys of evidence that hold the message of an error.
_MESSAGES = frozenset({"error", "exception"})


def summarize(artifact: Artifact, budget: int) -> ArtifactSummary:
    """Return what matters in `artifact`, in at most `budget` tokens by estimate.

    Pointers in it point into `artifact.data`, which is sanitized already. The message of
    `artifact.failure` is not repeated. For an unknown operation, or a record without the fields of
    its operation, the summary is a digest of the whole record.
    """
    reader = _BY_OPERATION.get(artifact.operation)
    draft = reader.summarize(artifact) if reader is not None else SummaryDraft({})
    if draft.facts or draft.large_values:
        return fit_summary(draft, budget)
    shown = digest(artifact.data, budget)
    return ArtifactSummary(
        value=shown.value,
        shown=shown.shown,
        total=shown.total,
        truncated=shown.truncated,
        omitted=shown.omitted,
    )


def evidence(artifact: Artifact, message: str = "") -> dict[str, Json]:
    """Return what in `artifact` shows why its step failed, in at most EVIDENCE_TOKENS tokens.

    `message` is the step's error, which is not repeated. Empty where the record shows nothing.
    """
    error = as_dict(artifact.data.get("error"))
    reader = _BY_OPERATION.get(artifact.operation)
    facts = reader.evidence(artifact) if reader is not None else {}
    code = error.get("code") or error.get("error_code")
    facts = present(error_code=code) | _without_repeats(facts, message)
    return as_dict(digest(facts, EVIDENCE_TOKENS, derived=True).value)


def findings_in(artifact: Artifact) -> list[Finding]:
    """Return what is doubtful in `artifact`, without the step."""
    reader = _BY_OPERATION.get(artifact.operation)
    rules = reader.findings if reader is not None else ()
    return [finding for rule in rules for finding in rule(artifact)]


def failure_clue(artifact: Artifact) -> FailureClue | None:
    """Return what `artifact` says about the kind of its failure, None if nothing."""
    reader = _BY_OPERATION.get(artifact.operation)
    return reader.clue(artifact) if reader is not None else None


def reading_priority(operation: str | None) -> int:
    """Return the place of an operation in the order of reading, 0 the first."""
    return _PRIORITIES.get(operation or "", len(READERS))


def _without_repeats(facts: dict[str, Json], message: str) -> dict[str, Json]:
    found = {}
    for key, value in facts.items():
        if key in _MESSAGES and isinstance(value, str) and is_repeated(value, message):
            continue
        is_trace = key == "stack_trace" and isinstance(value, dict)
        found[key] = _without_repeats(value, message) if is_trace else value
    return found
