"""Branches that hung on a value on which the votes split."""

from collections.abc import Iterator

from retab_mcp.analysis.condition_words import outcome_words
from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.lineage.dependencies import starts_before
from retab_mcp.analysis.record_rules.split_votes import field_name, split_votes, votes_in_words
from retab_mcp.analysis.values.json_types import as_dicts, as_text
from retab_mcp.analysis.values.key_paths import path_names
from retab_mcp.analysis.values.votes import Disagreement, Vote
from retab_mcp.digest.pointer import PathError, resolve_pointer
from retab_mcp.models import Artifact, FindingKind, Json, Operation, StepSummary


def find_branches_on_votes(facts: RunFacts) -> Iterator[Finding]:
    """Yield a finding for each extraction whose split votes decided a branch.

    A branch hangs on them if the condition would have ended otherwise for one of the values.
    """
    disputed = [
        (step, one, _value_at(artifact, one))
        for step in facts.steps
        if (artifact := facts.artifacts.get(step.step_id)) is not None
        and artifact.operation == Operation.EXTRACTION
        for one in split_votes(artifact)
    ]
    if not disputed:
        return
    for chooser in facts.steps:
        decision = facts.artifacts.get(chooser.step_id)
        if decision is None or decision.operation != Operation.CONDITIONAL_EVALUATION:
            continue
        for condition in as_dicts(decision.data.get("evaluations")):
            for parted in as_dicts(condition.get("sub_evaluations")) or [condition]:
                found = [
                    (step, one)
                    for step, one, value in disputed
                    if _read_by(parted, one, value) and _precedes(step, chooser)
                ]
                if found and _hangs_on(parted, found[-1][1]):
                    yield _finding(*found[-1], chooser, parted, condition)


def _finding(
    step: StepSummary,
    one: Disagreement,
    chooser: StepSummary,
    condition: dict[str, Json],
    whole: dict[str, Json],
) -> Finding:
    branch = as_text(whole.get("branch_name"))
    took = f"took {branch}" if whole.get("matched") and branch else "decided"
    message = (
        f"the votes split on {field_name(one)}: {votes_in_words(one.votes)}; {chooser.block_id} "
        f"{took} by it: {outcome_words(condition)}"
    )
    found = Finding(FindingKind.VOTES_DISAGREE, message, "choices", paths=(one.path,))
    return found.from_artifact(step)


def _value_at(artifact: Artifact, one: Disagreement) -> Json:
    try:
        return resolve_pointer(artifact.data, one.path).value
    except PathError:
        return None


def _read_by(condition: dict[str, Json], one: Disagreement, value: Json) -> bool:
    """Return whether a condition read this value: it has its name, and is the same."""
    names = path_names(as_text(condition.get("path")))
    is_named = names[-1:] == [one.path.rpartition("/")[2]]
    return is_named and value is not None and condition.get("actual") == value


def _precedes(step: StepSummary, chooser: StepSummary) -> bool:
    same_turn = chooser.loops[: len(step.loops)] == step.loops
    return same_turn and starts_before(step, chooser)


def _hangs_on(condition: dict[str, Json], one: Disagreement) -> bool:
    """Return whether a vote would have changed the result; yes where that cannot be told."""
    operator, expected = as_text(condition.get("operator")), condition.get("expected")
    results = {_holds(operator, vote, expected) for vote in one.votes}
    return None in results or len(results) > 1


def _holds(operator: str, vote: Vote, expected: Json) -> bool | None:
    """Return whether a condition holds for a vote's value, None where that is unknown."""
    value = vote.value
    if operator in {"exists", "does_not_exist"}:
        return vote.absent == (operator == "does_not_exist")
    if operator in {"is_equal_to", "is_not_equal_to"}:
        return bool(value == expected) == (operator == "is_equal_to")
    if operator in {"is_true", "is_false"}:
        return value is (operator == "is_true")
    if not (_is_number(value) and _is_number(expected)):
        return None
    left, right = float(value), float(expected)
    compared = {
        "is_greater_than": left > right,
        "is_greater_than_or_equal_to": left >= right,
        "is_less_than": left < right,
        "is_less_than_or_equal_to": left <= right,
    }
    return compared.get(operator)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
