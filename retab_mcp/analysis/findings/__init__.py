"""Rules that find what is wrong or doubtful in a run that did not fail."""

from collections.abc import Callable, Iterable

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings import (
    differing_counts,
    durations,
    rejections,
    step_outcomes,
)
from retab_mcp.analysis.findings.across import functions, hidden_text, loops, merges
from retab_mcp.analysis.findings.consequences import fold_consequences
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.findings.with_records import (
    absent_keys,
    changed_outputs,
    disputed_branches,
    unrecorded_calls,
)
from retab_mcp.analysis.operations import findings_in, reading_priority
from retab_mcp.analysis.record_rules.failed import find_failed_record
from retab_mcp.models import Artifact, FindingKind, Status, StepSummary

Rule = Callable[[RunFacts], Iterable[Finding]]
# Rules that can explain a failure further down.
VALUE_RULES: tuple[Rule, ...] = (
    loops.find_incomplete_loops,
    merges.find_overwritten_values,
    functions.find_changed_values,
)
# Rules about a run's steps, loops and reviews. Those about an artifact are in its operation's file.
RULES: tuple[Rule, ...] = (
    step_outcomes.find_failed_steps,
    step_outcomes.find_retries,
    step_outcomes.find_skipped_steps,
    durations.find_slow_step,
    differing_counts.find_differing_counts,
    rejections.find_rejections,
    *VALUE_RULES,
    hidden_text.find_unseen_in_conditions,
    hidden_text.find_unseen_in_lookups,
    absent_keys.find_absent_keys,
    changed_outputs.find_changed_outputs,
    unrecorded_calls.find_refused_calls,
    disputed_branches.find_branches_on_votes,
)
# Kinds that a step has at most once, since two rules may word them differently: a review and its
# artifact, a record and what hung on it.
_ONCE_PER_STEP = frozenset({FindingKind.REVIEW_REJECTED, FindingKind.VOTES_DISAGREE})
# Kinds that are dropped if the same step has a more informative one, by kind.
_SAY_MORE = {
    FindingKind.RETRIES: frozenset(
        {
            FindingKind.FAILED_ATTEMPTS,
            FindingKind.MAY_BE_DONE_TWICE,
            FindingKind.FAILED_STEP,
        }
    ),
    FindingKind.FAILED_ATTEMPTS: frozenset(
        {
            FindingKind.FAILED_STEP,
            FindingKind.RECORD_FAILED,
            FindingKind.RESPONSE_SAYS_FAILED,
            FindingKind.MAY_BE_DONE_TWICE,
        }
    ),
    FindingKind.DEFAULT_BRANCH: frozenset(
        {FindingKind.HIDDEN_CHARACTERS, FindingKind.CONDITION_KEY_ABSENT}
    ),
    FindingKind.CONDITION_TYPES_DIFFER: frozenset(
        {FindingKind.HIDDEN_CHARACTERS, FindingKind.CONDITION_KEY_ABSENT}
    ),
    FindingKind.LOOP_LIMIT: frozenset({FindingKind.CONDITION_KEY_ABSENT}),
    # A record that failed explains what it lacks.
    **dict.fromkeys(
        (
            FindingKind.RESPONSE_SAYS_FAILED,
            FindingKind.NO_TEXT,
            FindingKind.PAGES_EMPTY,
            FindingKind.TABLE_EMPTY,
            FindingKind.REQUIRED_MISSING,
            FindingKind.PAGES_UNASSIGNED,
        ),
        frozenset({FindingKind.RECORD_FAILED}),
    ),
}
# Kinds that the error of a step that failed itself says better.
_SAID_BY_THE_ERROR = frozenset(
    {
        FindingKind.FAILED_ATTEMPTS,
        FindingKind.MAY_BE_DONE_TWICE,
        FindingKind.RESPONSE_SAYS_FAILED,
    }
)


def find_in_run(facts: RunFacts) -> list[Finding]:
    """Return what is doubtful in a run, worst first, each with what followed from it.

    Meant for completed runs; for an unfinished one it returns the findings so far.
    """
    found = [finding for rule in RULES for finding in rule(facts)]
    corrected = changed_outputs.corrected_artifacts(facts)
    for step in facts.steps:
        artifact = corrected.get(step.step_id) or facts.artifacts.get(step.step_id)
        if artifact is not None:
            found += find_in_artifact(step, artifact)
    return fold_consequences(worst_first(found), facts)


def find_in_artifact(step: StepSummary, artifact: Artifact) -> list[Finding]:
    """Return what is doubtful in the artifact that `step` produced, worst first.

    Attempts that failed are left out for a step that failed itself: its own error says more.
    """
    own = find_failed_record(artifact) if step.status == Status.COMPLETED else ()
    found = [finding.from_artifact(step) for finding in (*own, *findings_in(artifact))]
    if step.status == Status.ERROR:
        found = [finding for finding in found if finding.kind not in _SAID_BY_THE_ERROR]
    return worst_first(found)


def worst_first(found: Iterable[Finding]) -> list[Finding]:
    """Return findings without repetitions, the worst first.

    The same kind and message about a step is one finding. A finding is dropped where another one
    about the same step says more.
    """
    unique: dict[tuple[FindingKind, str | None, str], Finding] = {}
    for one in found:
        once = one.kind in _ONCE_PER_STEP and one.step_id is not None
        unique.setdefault((one.kind, one.step_id, "" if once else one.message), one)
    kinds: dict[str | None, set[FindingKind]] = {}
    for one in unique.values():
        kinds.setdefault(one.step_id, set()).add(one.kind)

    def adds_something(one: Finding) -> bool:
        more = _SAY_MORE.get(one.kind, frozenset())
        return one.step_id is None or not kinds[one.step_id] & more

    kept = filter(adds_something, unique.values())
    return sorted(kept, key=lambda one: one.rank)


def worth_reading(steps: Iterable[StepSummary]) -> list[StepSummary]:
    """Return the steps with an artifact, the most informative first.

    Retried steps come before all others: their artifact shows the attempts that failed.
    """

    def priority(step: StepSummary) -> tuple[bool, int]:
        operation = step.artifact.operation if step.artifact is not None else None
        return step.retry_count == 0, reading_priority(operation)

    return sorted((step for step in steps if step.artifact is not None), key=priority)
