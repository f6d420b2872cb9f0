"""Rules that find what is wrong or doubtful in a run that did not fail."""

from collections.abc import Callable, Iterable

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings import durations, rejections, step_outcomes
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.operations import findings_in, reading_priority
from retab_mcp.models import Artifact, FindingKind, Status, StepSummary

# Rules about a run's steps, loops and reviews. Those about an artifact are in its operation's file.
RULES: tuple[Callable[[RunFacts], Iterable[Finding]], ...] = (
    step_outcomes.find_failed_steps,
    step_outcomes.find_retries,
    step_outcomes.find_skipped_steps,
    durations.find_slow_step,
    rejections.find_rejections,
)
# Kinds that a step has at most once, since a review and its artifact may word them differently.
_ONCE_PER_STEP = frozenset({FindingKind.REVIEW_REJECTED})
# Kinds that are dropped if the same step has a more informative one, by kind.
_SAY_MORE = {
    FindingKind.RETRIES: frozenset({FindingKind.FAILED_ATTEMPTS, FindingKind.FAILED_STEP}),
    FindingKind.FAILED_ATTEMPTS: frozenset({FindingKind.FAILED_STEP}),
}
# Kinds that explain why steps were skipped; then the skipped steps are not a finding.
_EXPLAIN_SKIPPED = frozenset(
    {
        FindingKind.CONDITION_TYPES_DIFFER,
        FindingKind.DEFAULT_BRANCH,
        FindingKind.REVIEW_REJECTED,
    }
)


def find_in_run(facts: RunFacts) -> list[Finding]:
    """Return what is doubtful in a run, worst first.

    Meant for completed runs; for an unfinished one it returns the findings so far.
    """
    found = [finding for rule in RULES for finding in rule(facts)]
    for step in facts.steps:
        artifact = facts.artifacts.get(step.step_id)
        if artifact is not None:
            found += find_in_artifact(step, artifact)
    return worst_first(found)


def find_in_artifact(step: StepSummary, artifact: Artifact) -> list[Finding]:
    """Return what is doubtful in the artifact that `step` produced, worst first.

    Attempts that failed are left out for a step that failed itself: its own error says more.
    """
    found = [finding.about(step) for finding in findings_in(artifact)]
    if step.status == Status.ERROR:
        found = [finding for finding in found if finding.kind != FindingKind.FAILED_ATTEMPTS]
    return worst_first(found)


def worst_first(found: Iterable[Finding]) -> list[Finding]:
    """Return findings without repetitions, the worst first.

    The same kind and message about a step is one finding. A finding is dropped where another one
    about the same step says more, or where it is a consequence of another one.
    """
    unique: dict[tuple[FindingKind, str | None, str], Finding] = {}
    for one in found:
        once = one.kind in _ONCE_PER_STEP and one.step_id is not None
        unique.setdefault((one.kind, one.step_id, "" if once else one.message), one)
    kinds: dict[str | None, set[FindingKind]] = {}
    for one in unique.values():
        kinds.setdefault(one.step_id, set()).add(one.kind)
    explained = any(one.kind in _EXPLAIN_SKIPPED for one in unique.values())

    def adds_something(one: Finding) -> bool:
        if one.kind == FindingKind.STEPS_SKIPPED and explained:
            return False
        more = _SAY_MORE.get(one.kind, frozenset())
        return one.step_id is None or not kinds[one.step_id] & more

    kept = filter(adds_something, unique.values())
    return sorted(kept, key=lambda one: one.kind.rank)


def worth_reading(steps: Iterable[StepSummary]) -> list[StepSummary]:
    """Return the steps with an artifact, the most informative first.

    Retried steps come before all others: their artifact shows the attempts that failed.
    """

    def priority(step: StepSummary) -> tuple[bool, int]:
        operation = step.artifact.operation if step.artifact is not None else None
        return step.retry_count == 0, reading_priority(operation)

    return sorted((step for step in steps if step.artifact is not None), key=priority)
