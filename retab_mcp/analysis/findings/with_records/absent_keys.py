"""Conditions on a key that is not there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retab_mcp.analysis.condition_words import condition_words
from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.record_rules.near_names import near_names
from retab_mcp.analysis.summary import short
from retab_mcp.analysis.values.json_types import as_dict, as_dicts, as_text
from retab_mcp.analysis.values.key_paths import (
    AbsentKey,
    absent_key,
    leads_somewhere,
    path_names,
)
from retab_mcp.digest.compact import compact_json
from retab_mcp.models import Artifact, FindingKind, Json, Operation, StepSummary

# Operations whose records hold evaluations of conditions.
CONDITIONS = frozenset(
    {
        Operation.CONDITIONAL_EVALUATION,
        Operation.REVIEW_TRIGGER_EVALUATION,
        Operation.WHILE_LOOP_TERMINATION,
    }
)
# Operators that ask whether a key is there: its absence is an answer, not a mistake.
_ASKS_PRESENCE = frozenset({"exists", "does_not_exist", "is_empty", "is_not_empty"})
# Keys of the object that are shown, and tokens of each value.
_MAX_KEYS = 5
_VALUE_TOKENS = 12


@dataclass(frozen=True, slots=True)
class _Source:
    """A value that a condition may have read, in words: "the output of poll"."""

    name: str
    value: Json


def find_absent_keys(facts: RunFacts) -> Iterator[Finding]:
    """Yield a finding for each condition on a key that nothing it could read has."""
    for step in facts.steps:
        artifact = facts.artifacts.get(step.step_id)
        if artifact is None or artifact.operation not in CONDITIONS:
            continue
        sources = _sources(step, artifact, facts)
        for number, evaluation in _conditions(artifact):
            said = _absent_in(evaluation, sources)
            if said:
                yield Finding(
                    FindingKind.CONDITION_KEY_ABSENT,
                    said,
                    "evaluations",
                    paths=(f"/evaluations/{number}",),
                ).from_artifact(step)
                break


def reads_conditions(step: StepSummary) -> bool:
    """Return whether the record of a step holds conditions."""
    return step.artifact is not None and step.artifact.operation in CONDITIONS


def _conditions(artifact: Artifact) -> Iterator[tuple[int, dict[str, Json]]]:
    """Yield the conditions with the number of their evaluation, the last evaluation first."""
    evaluations = as_dicts(artifact.data.get("evaluations"))
    for number in range(len(evaluations) - 1, -1, -1):
        parts = as_dicts(evaluations[number].get("sub_evaluations"))
        for condition in parts or [evaluations[number]]:
            yield number, condition


def _absent_in(condition: dict[str, Json], sources: Sequence[_Source]) -> str:
    """Return the sentence about a condition, "" where its key is there or nothing is known."""
    names = path_names(as_text(condition.get("path")))
    if not names or condition.get("actual") is not None or condition.get("items"):
        return ""
    candidates = []
    for source in sources:
        tried = names[1:] if names[0] == source.name else names
        if leads_somewhere(tried, source.value):
            return ""
        found = absent_key(tried, source.value)
        if found is not None and found.record:
            candidates.append((source, found, near_names(found.name, found.record)))
    if not candidates:
        return ""
    source, found, near = next((one for one in candidates if one[2]), candidates[0])
    if as_text(condition.get("operator")) in _ASKS_PRESENCE and not near:
        return ""
    return f"{condition_words(condition)}: {_described(source, found, near)}"


def _described(source: _Source, found: AbsentKey, near: Sequence[str]) -> str:
    ordered = [*near, *(name for name in found.record if name not in near)]
    shown = [
        f"{name} {compact_json(short(found.record[name], _VALUE_TOKENS))}"
        for name in ordered[:_MAX_KEYS]
    ]
    more = len(ordered) - len(shown)
    keys = ", ".join(shown) + (f" and {more} more" if more else "")
    nearest = f" (near: {near[0]})" if near else ""
    return f"{source.name} has no {found.name}, it has {keys}{nearest}"


def _sources(step: StepSummary, artifact: Artifact, facts: RunFacts) -> list[_Source]:
    """Return the values that the conditions of a step could read, the likeliest first."""
    found = []
    if artifact.operation == Operation.WHILE_LOOP_TERMINATION:
        found += _last_turn(step, facts)
    payload = facts.payloads.get(step.step_id)
    if payload is not None:
        found += _handles("the input", payload.handle_inputs)
        if artifact.operation == Operation.REVIEW_TRIGGER_EVALUATION:
            found += _handles("the output", payload.handle_outputs)
        if artifact.operation == Operation.WHILE_LOOP_TERMINATION and not found:
            found += _handles("the output", payload.handle_outputs)
    return found


def _handles(name: str, handles: dict[str, Json]) -> list[_Source]:
    values = {
        handle: held["data"]
        for handle, each in handles.items()
        if "data" in (held := as_dict(each)) and isinstance(held["data"], dict | list)
    }
    sources = [_Source(name, value) for value in values.values()]
    # A path may begin with the handle.
    return [*sources, *(_Source(handle, value) for handle, value in values.items())]


def _last_turn(loop: StepSummary, facts: RunFacts) -> list[_Source]:
    """Return what the steps of a loop's last iteration put out, the latest step first."""
    inside = [
        (position.iteration or 0, step)
        for step in facts.steps
        for position in step.loops
        if position.container_id in (loop.block_id, loop.step_id)
    ]
    last = max((iteration for iteration, _ in inside), default=0)
    found = []
    for _, step in reversed([one for one in inside if one[0] == last]):
        payload = facts.payloads.get(step.step_id)
        outputs = (
            _handles(f"the output of {step.block_id}", payload.handle_outputs) if payload else []
        )
        found += outputs or _response(step, facts)
    return found


def _response(step: StepSummary, facts: RunFacts) -> list[_Source]:
    """Return the last response of a called API, where the list of steps leaves payloads out."""
    artifact = facts.artifacts.get(step.step_id)
    attempts = as_dicts(artifact.data.get("attempts")) if artifact is not None else []
    body = attempts[-1].get("response_body") if attempts else None
    if not isinstance(body, dict | list):
        return []
    return [_Source(f"the response to {step.block_id}", body)]
