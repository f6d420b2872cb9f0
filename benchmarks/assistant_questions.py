"""Questions about runs whose answers are known, and when a tool's answer shows such a fact.

A fact counts as seen only at the field that states it, never because its text occurs somewhere.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import groupby
from typing import Any

from retab_mcp.digest.pointer import PathError, resolve_pointer
from retab_mcp.safety.redact import REDACTED
from retab_mcp.sandbox.records import Json, Sample, SampleStep, resolve
from tests.facts import facts_of
from tests.facts.fact import Fact
from tests.labelled import all_scenarios
from tests.labelled.scenario import Scenario
from tests.labelled.values_at_fault import VALUES_AT_FAULT, AtFault, failed_step, scenario_of
from tests.samples import all_samples
from tests.support.value_runs import Question as ValueQuestion
from tests.support.value_runs import ValueRun, value_run

# The last quarter of a long message may be cut.
_LEAST_OF_MESSAGE = 200
# Seeds of random runs with values of known origin.
VALUE_SEEDS = range(7000, 7006)

WHY, DOUBTFUL, ORIGIN, OTHER = "why it failed", "what is doubtful", "origin of a value", "other"


@dataclass(frozen=True)
class Asked:
    """A call and its answer as decoded JSON."""

    tool: str
    arguments: Mapping[str, Json]
    answer: dict[str, Any]


Seen = Callable[[Asked], bool]


@dataclass(frozen=True)
class Question:
    """What to call first, and the facts to find; `promised` if the generation can show them all."""

    name: str
    theme: str
    tool: str
    arguments: Mapping[str, Json]
    wanted: Mapping[str, Seen] = field(repr=False)
    promised: bool = True


@cache
def value_runs() -> tuple[ValueRun, ...]:
    """Return random runs with values of known origin."""
    return tuple(map(value_run, VALUE_SEEDS))


def labelled_samples() -> list[Sample]:
    """Return what `labelled_questions` are about."""
    return [each.sample for each in all_scenarios()]


def other_samples() -> list[Sample]:
    """Return what `other_questions` are about."""
    return [*all_samples(), *(each.sample for each in value_runs())]


def labelled_questions(generation: str) -> list[Question]:
    """Return the questions about the labelled runs."""
    return [
        *(_about_run(each, generation) for each in all_scenarios()),
        *(_about_value_at_fault(each, generation) for each in VALUES_AT_FAULT),
    ]


def other_questions(generation: str) -> list[Question]:
    """Return the questions about samples and about values of random runs."""
    return [*_about_values(), *_about_samples(generation)]


# Labelled runs


def _about_run(scenario: Scenario, generation: str) -> Question:
    failed = scenario.run.status != "completed"
    wanted = _cause(scenario) if failed else _finding(scenario)
    return Question(
        name=scenario.name,
        theme=WHY if failed else DOUBTFUL,
        tool="get_run",
        arguments={"run_id": scenario.run.id},
        wanted=wanted,
        promised=generation in scenario.generations,
    )


def _finding(scenario: Scenario) -> dict[str, Seen]:
    label = scenario.label

    def first(asked: Asked) -> dict[str, Any]:
        findings: list[dict[str, Any]] = asked.answer.get("findings", [])
        return findings[0] if findings and asked.tool == "get_run" else {}

    def first_finding(asked: Asked) -> bool:
        return first(asked).get("kind") == label.kind

    def its_step(asked: Asked) -> bool:
        return _is_step(scenario, first(asked).get("step_id"), label.step_id)

    return {"kind": first_finding, "step": its_step}


def _cause(scenario: Scenario) -> dict[str, Seen]:
    """Return what the answer about a run that did not complete must say."""
    label = scenario.label
    wanted: dict[str, Seen] = {
        "step": lambda asked: _names_step(scenario, asked),
        "kind": lambda asked: _cause_of(scenario, asked).get("kind") == label.kind,
    }
    if label.downstream:
        wanted["downstream"] = lambda asked: (
            asked.answer.get("downstream", {}).get("count") == label.downstream
        )
    step = failed_step(scenario) if label.step_id is not None else None
    if step is not None and step.failure is not None and step.failure.message:
        wanted["message"] = partial(_says, scenario, step.failure.message)
    # What waits or was cancelled did not stop at its inputs.
    if step is not None and scenario.run.status == "error":
        for handle, step_ids in _sources(scenario, step).items():
            wanted[f"what fed {handle}"] = partial(_fed_by, scenario, handle, step_ids)
    for value in VALUES_AT_FAULT:
        if value.scenario == scenario.name and step is not None:
            wanted["value at fault"] = partial(_shows_input, scenario, step, value)
    return wanted


def _is_step(scenario: Scenario, named: str | None, step_id: str | None) -> bool:
    if named is None or step_id is None:
        return named == step_id
    return step_id in (named, f"{scenario.run.id}_{named}")


def _cause_of(scenario: Scenario, asked: Asked) -> dict[str, Any]:
    """Return the cause that an answer gives of the run, or of the step that the label names."""
    cause: dict[str, Any] = asked.answer.get("cause") or {}
    if asked.tool == "get_run":
        return cause
    same = asked.tool == "get_step" and _is_labelled_step(scenario, asked)
    return cause if same else {}


def _is_labelled_step(scenario: Scenario, asked: Asked) -> bool:
    return _is_step(scenario, asked.answer.get("step_id"), scenario.label.step_id)


def _names_step(scenario: Scenario, asked: Asked) -> bool:
    cause = asked.answer.get("cause")
    if asked.tool != "get_run" or cause is None:
        return False
    return _is_step(scenario, cause.get("step_id"), scenario.label.step_id)


def _says(scenario: Scenario, message: str, asked: Asked) -> bool:
    """Return whether the cause has the step's message, or quotes it next to a better one."""
    cause = _cause_of(scenario, asked)
    said = cause.get("message", "")
    # A record may name the exception where the step only has its text.
    if said == message or said.endswith(f": {message}"):
        return True
    if REDACTED in said:
        parts = map(re.escape, said.split(REDACTED))
        return re.fullmatch(".+".join(parts), message, re.S) is not None
    if len(message) > _LEAST_OF_MESSAGE and said.startswith(message[:_LEAST_OF_MESSAGE]):
        return True
    return any(f'"{message}"' in reason for reason in cause.get("reasons", []))


def _sources(scenario: Scenario, step: SampleStep) -> dict[str, set[str]]:
    """Return by input handle the completed steps outside loops that feed it by an edge."""
    given = resolve(step.handle_inputs)
    ran = {
        each.block_id: each.step_id
        for each in resolve(scenario.run.steps)
        if each.status == "completed" and not each.loops
    }
    found: dict[str, set[str]] = {}
    for edge in scenario.run.edges:
        if edge.target == step.block_id and edge.target_handle in given and edge.source in ran:
            found.setdefault(edge.target_handle, set()).add(ran[edge.source])
    return found


def _fed_by(scenario: Scenario, handle: str, step_ids: set[str], asked: Asked) -> bool:
    if asked.tool != "get_run" and not _is_labelled_step(scenario, asked):
        return False
    named = asked.answer.get("inputs_from", {}).get(handle)
    return any(_is_step(scenario, named, step_id) for step_id in step_ids)


def _shows_input(scenario: Scenario, step: SampleStep, value: AtFault, asked: Asked) -> bool:
    """Return whether an answer shows the value at its path in the inputs of the failed step."""
    right = resolve_pointer({"handle_inputs": resolve(step.handle_inputs)}, value.path).value
    answer = asked.answer
    if asked.tool == "get_run":
        shown = answer.get("suspicious_inputs", [])
        return any(one["path"] == value.path and one.get("value") == right for one in shown) or (
            _in_evidence(answer["cause"].get("evidence") or {}, value.path, right)
        )
    if asked.tool == "trace_value":
        return answer.get("path") == value.path and answer.get("value") == right
    if asked.tool != "get_step" or not _is_labelled_step(scenario, asked) or "path" in answer:
        return False
    try:
        return bool(resolve_pointer(answer, value.path).value == right)
    except PathError:
        return False


def _in_evidence(evidence: dict[str, Any], path: str, right: Json) -> bool:
    """Return whether evidence shows the value: read by a condition, or an object lacking a key."""
    for condition in (*evidence.get("conditions", []), *evidence.get("last_conditions", [])):
        tail = condition.get("path", "").removeprefix("$").replace(".", "/")
        if tail and path.endswith(f"/data{tail}") and condition.get("actual") == right:
            return True
    absent = evidence.get("absent_key", {})
    return absent.get("path") == path and bool(absent["keys"] == list(right))


# Origins


def _about_value_at_fault(value: AtFault, generation: str) -> Question:
    scenario = scenario_of(value)
    step = failed_step(scenario)

    def origin(asked: Asked) -> bool:
        found = asked.answer.get("origin") or {}
        at_step = _is_step(scenario, found.get("step_id"), f"{scenario.run.id}_{value.origin_step}")
        return asked.tool == "trace_value" and at_step and found.get("path") == value.origin_path

    return Question(
        name=f"{value.scenario} value",
        theme=ORIGIN,
        tool="trace_value",
        arguments={"run_id": scenario.run.id, "step_id": step.step_id, "path": value.path},
        wanted={"origin": origin},
        promised=generation in scenario.generations,
    )


def _about_values() -> Iterator[Question]:
    for run in value_runs():
        for number, one in enumerate(run.questions):
            yield Question(
                name=f"{run.sample.name} value {number}",
                theme=ORIGIN,
                tool="trace_value",
                arguments={"run_id": run.run_id, "step_id": one.step_id, "path": one.path},
                wanted={"origin": partial(_is_origin, one)},
            )


def _is_origin(question: ValueQuestion, asked: Asked) -> bool:
    """Return whether the answer names the origin; of a value that occurs twice, among both."""
    known = question.origin
    answer = asked.answer
    places = [answer.get("origin") or {}]
    if question.twin is not None and places[0].get("kind") == "unknown":
        places = answer.get("competing", [])
    at = (known.step_id, known.path)
    return any((each.get("step_id"), each.get("path")) == at for each in places)


# Samples


def _about_samples(generation: str) -> Iterator[Question]:
    """Ask what each sample has facts about, except single values by their path."""
    for sample in all_samples():
        facts = [each for each in facts_of(sample.name) if _is_overview(each, generation)]
        if not sample.occurs_in(generation):
            continue
        for call, group in groupby(sorted(facts, key=_call_of), key=_call_of):
            same = list(group)
            yield Question(
                name=f"{sample.name} {call}",
                theme=WHY if same[0].tool == "get_run" else OTHER,
                tool=same[0].tool,
                arguments=same[0].arguments,
                wanted={each.path: partial(_holds, each) for each in same},
            )


def _is_overview(fact: Fact, generation: str) -> bool:
    return fact.is_of(generation) and "path" not in fact.arguments


def _call_of(fact: Fact) -> str:
    return f"{fact.tool} {sorted(fact.arguments.items())}"


def _holds(fact: Fact, asked: Asked) -> bool:
    return asked.tool == fact.tool and fact.holds_in(asked.answer)
