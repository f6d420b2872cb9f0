"""Rules about the statuses of steps: failed, retried, skipped."""

from collections import Counter
from collections.abc import Iterator

from retab_mcp.analysis.cause.choice.candidates import failed_on_their_own
from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.models import FindingKind, Status


def find_failed_steps(facts: RunFacts) -> Iterator[Finding]:
    """Yield one finding for all failed steps, about the first of them."""
    failed = [step for step in failed_on_their_own(facts.steps) if step.status == Status.ERROR]
    if failed:
        error = failed[0].failure.message if failed[0].failure else "no message"
        count = "1 step failed" if len(failed) == 1 else f"{len(failed)} steps failed, first"
        yield Finding(FindingKind.FAILED_STEP, f"{count}: {error}", "status").about(failed[0])


def find_retries(facts: RunFacts) -> Iterator[Finding]:
    """Yield a finding for each step that completed after retries."""
    for step in facts.steps:
        if step.retry_count and step.status == Status.COMPLETED:
            count = "1 retry" if step.retry_count == 1 else f"{step.retry_count} retries"
            message = f"completed after {count}"
            yield Finding(FindingKind.RETRIES, message, "retry_count").about(step)


def find_skipped_steps(facts: RunFacts) -> Iterator[Finding]:
    """Yield one finding for all skipped steps, with their most frequent reason."""
    skipped = [step for step in facts.steps if step.status == Status.SKIPPED]
    if skipped:
        reasons = Counter(step.reason or "no reason given" for step in skipped)
        reason, count = reasons.most_common(1)[0]
        total = "1 step" if len(skipped) == 1 else f"{len(skipped)} steps"
        share = "" if count == len(skipped) else f", {count} of them"
        message = f"{total} skipped{share}: {reason}"
        yield Finding(FindingKind.STEPS_SKIPPED, message, "status").about(skipped[0])
