"""Rules about numbers of which two sources say different things."""

from collections.abc import Iterator

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.models import FindingKind, Operation, Status


def find_differing_counts(facts: RunFacts) -> Iterator[Finding]:
    """Yield a finding for each call whose retries and attempts do not agree.

    A step that was retried as a whole has one attempt in its record, so one says nothing.
    """
    for step in facts.steps:
        artifact = facts.artifacts.get(step.step_id)
        if artifact is None or artifact.operation != Operation.API_CALL_INVOCATION:
            continue
        attempts = artifact.data.get("attempts")
        count = len(attempts) if isinstance(attempts, list) else 0
        agree = step.retry_count == 0 or count < 2 or step.retry_count == count - 1
        if not agree and step.status == Status.COMPLETED:
            message = f"the step counts {step.retry_count} retries, its record {count} attempts"
            yield Finding(
                FindingKind.SOURCES_DIFFER, message, "retry_count", paths=("/attempts",)
            ).from_artifact(step)
