"""Outputs that differ from the step's own record, and the reviews that changed them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from retab_mcp.analysis.compare.json_diff import CHANGED, Change, differences
from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.records import to_iso_time
from retab_mcp.analysis.summary import short
from retab_mcp.analysis.values.artifact_fields import MAX_NAMED, OUTPUT, output_of
from retab_mcp.analysis.values.json_types import as_dict, as_dicts, as_text
from retab_mcp.digest.compact import compact_json
from retab_mcp.models import (
    Artifact,
    FindingKind,
    Json,
    Operation,
    Review,
    ReviewVerdict,
    Status,
    StepPayload,
    StepSummary,
)

# Changes that are counted; the first are named.
_MAX_CHANGES = 200
# Share of the record's keys that an output must have to be taken for the record.
_SAME_RECORD = 0.5
_VALUE_TOKENS = 16
_AUTHORS = {"human": "a person", "agent": "an agent", "model": "a model"}


@dataclass(frozen=True, slots=True)
class ChangedOutput:
    """An output that differs from the record of its step, and the decided review of the step."""

    step: StepSummary
    changes: tuple[Change, ...]
    review: Review | None


def changed_outputs(facts: RunFacts) -> Iterator[ChangedOutput]:
    """Yield the outputs of extractions and classifications that differ from their records."""
    for step in facts.steps:
        artifact = facts.artifacts.get(step.step_id)
        payload = facts.payloads.get(step.step_id)
        if artifact is None or payload is None or step.status != Status.COMPLETED:
            continue
        rule = _RULES.get(artifact.operation)
        changes = rule(artifact, payload) if rule is not None else ()
        if changes:
            yield ChangedOutput(step, tuple(changes), review_of(step, facts.reviews))


def find_changed_outputs(facts: RunFacts) -> Iterator[Finding]:
    """Yield a finding for each output that differs from the record of its step."""
    for changed in changed_outputs(facts):
        named = ", ".join(map(_in_words, changed.changes[:MAX_NAMED]))
        more = len(changed.changes) - MAX_NAMED
        named += f" and {more} more" if more > 0 else ""
        yield Finding(
            FindingKind.OUTPUT_CHANGED,
            f"{_by_whom(changed.review)}: {named}",
            f"review {changed.review.id}" if changed.review else "handle_outputs",
            paths=tuple(OUTPUT + change.path for change in changed.changes[:MAX_NAMED]),
        ).from_artifact(changed.step)


def corrected_artifacts(facts: RunFacts) -> dict[str, Artifact]:
    """Return the records that a person corrected, corrected, by step id.

    Nothing is then said of corrected values. A value that was emptied stays: that it is missing was
    decided.
    """
    return {
        changed.step.step_id: _corrected(facts.artifacts[changed.step.step_id], changed.changes)
        for changed in changed_outputs(facts)
        if changed.review is not None and changed.review.decided_by in (None, "human")
    }


def _corrected(artifact: Artifact, changes: Sequence[Change]) -> Artifact:
    output = artifact.data.get("output")
    consensus = as_dict(artifact.data.get("consensus"))
    likelihoods = consensus.get("likelihoods")
    choices = consensus.get("choices")
    for change in changes:
        tokens = change.path.split("/")[1:]
        if change.other is not None:
            output = _replaced(output, tokens, change.other)
        likelihoods = _replaced(likelihoods, tokens, None)
        if isinstance(choices, list):
            choices = [_replaced(choice, tokens, None) for choice in choices]
    if artifact.operation == Operation.CLASSIFICATION:
        # The likelihood and the votes are those of the category that was replaced.
        likelihoods, choices = None, []
    consensus = {**consensus, "likelihoods": likelihoods, "choices": choices}
    return artifact.model_copy(
        update={"data": {**artifact.data, "output": output, "consensus": consensus}}
    )


def review_of(step: StepSummary, reviews: Sequence[Review]) -> Review | None:
    """Return the last decided review of a step, None if there is none."""
    decided = [
        review
        for review in reviews
        if review.verdict is not None
        and (
            review.step_id == step.step_id
            if review.step_id and step.loops
            else review.block_id == step.block_id
        )
    ]
    return decided[-1] if decided else None


def _changes(artifact: Artifact, payload: StepPayload) -> list[Change]:
    output = output_of(artifact)
    if not isinstance(output, dict) or not output:
        return []
    for handle in payload.handle_outputs.values():
        data = as_dict(handle).get("data")
        if isinstance(data, dict) and len(data.keys() & output.keys()) >= _SAME_RECORD * len(
            output
        ):
            found = differences(output, data)
            return [change for change, _ in zip(found, range(_MAX_CHANGES), strict=False)]
    return []


def _changed_category(artifact: Artifact, payload: StepPayload) -> list[Change]:
    """Return the change of a category: by its name in the output, else by the handle taken."""
    category = as_dict(output_of(artifact)).get("category")
    if not isinstance(category, str) or not category:
        return []
    handles = payload.handle_outputs
    made = [as_dict(as_dict(handle).get("data")).get("category") for handle in handles.values()]
    named = [name for name in made if isinstance(name, str)]
    if not named and len(handles) == 1:
        named = _category_of(next(iter(handles)), artifact)
    if len(named) != 1 or named[0] == category:
        return []
    place = (None, "category")
    return [Change(CHANGED, place, place, category, named[0])]


def _category_of(handle: str, artifact: Artifact) -> list[str]:
    """Return the category whose output a handle is, [] where none is or several are."""
    key = handle.removeprefix("output-").partition("-")[2]
    return [
        name
        for each in as_dicts(artifact.data.get("categories"))
        if (name := as_text(each.get("name"))) and key in (each.get("handle_key"), name)
    ]


_RULES: dict[str, Callable[[Artifact, StepPayload], list[Change]]] = {
    Operation.EXTRACTION: _changes,
    Operation.CLASSIFICATION: _changed_category,
}


def _in_words(change: Change) -> str:
    name = change.path.strip("/").replace("/", ".")
    if change.kind == "added":
        return f"{name} added as {_value(change.other)}"
    if change.kind == "removed":
        return f"{name} {_value(change.value)} removed"
    return f"{name} {_value(change.value)} → {_value(change.other)}"


def _by_whom(review: Review | None) -> str:
    if review is None:
        return "the output differs from the step's own record"
    author = _AUTHORS.get(review.decided_by or "", "a reviewer")
    when = f" at {to_iso_time(review.decided_at)}" if review.decided_at else ""
    if review.verdict == ReviewVerdict.APPROVED:
        return f"changed in the review that {author} approved{when}"
    return f"changed, and the review was {review.verdict} by {author}{when}"


def _value(value: Json) -> str:
    return compact_json(short(value, _VALUE_TOKENS))


def _replaced(node: Json, tokens: Sequence[str], value: Json) -> Json:
    """Return a copy of `node` with another value at a place; `node` itself if there is no place."""
    if not tokens:
        return value
    name = tokens[0].replace("~1", "/").replace("~0", "~")
    if isinstance(node, dict) and name in node:
        return {**node, name: _replaced(node[name], tokens[1:], value)}
    if isinstance(node, list) and name.isdigit() and int(name) < len(node):
        at = int(name)
        return [*node[:at], _replaced(node[at], tokens[1:], value), *node[at + 1 :]]
    return node
