"""Rules about the statuses of steps: failed, retried, skipped."""

import re
from collections import Counter
from collections.abc import Iterator

from retab_mcp.analysis.cause.choice.candidates import failed_on_their_own
from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.models import FindingKind, Status, StepSummary

# How servers word that a branch was not taken: "Branch 'x' was not selected", "condition not met".
_NOT_TAKEN = re.compile(
    r"\b(?:branch|route|path|condition|category|handle|output)\b.*"
    r"\bnot (?:be )?(?:taken|selected|matched|met|chosen|active|activated)\b"
    r"|\bnot (?:taken|selected|matched|chosen) (?:by|in)\b",
    re.IGNORECASE | re.DOTALL,
)


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
    """Yield a finding for the steps of branches that were not taken, and one for all others.

    Each has the most frequent reason.
    """
    skipped = [step for step in facts.steps if step.status == Status.SKIPPED]
    for by_choice in (False, True):
        group = [step for step in skipped if skipped_by_choice(step) is by_choice]
        if group:
            reasons = Counter(step.reason or "no reason given" for step in group)
            reason, count = reasons.most_common(1)[0]
            total = "1 step" if len(group) == 1 else f"{len(group)} steps"
            share = "" if count == len(group) else f", {count} of them"
            message = f"{total} skipped{share}: {reason}"
            yield Finding(FindingKind.STEPS_SKIPPED, message, "status").about(group[0])


def skipped_by_choice(step: StepSummary) -> bool:
    """Return whether a step was skipped because its branch was not taken."""
    return _NOT_TAKEN.search(step.reason or "") is not None
