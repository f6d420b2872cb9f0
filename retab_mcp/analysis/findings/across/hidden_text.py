"""Rules about texts that look the same and are not: in conditions and in lookups."""

from collections.abc import Iterator
from itertools import islice

from retab_mcp.analysis.code_steps import CODE_TYPES
from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.across.merges import is_merge
from retab_mcp.analysis.findings.across.step_values import StepValues, Value, values_of
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.payloads.same_meaning import means_nothing
from retab_mcp.analysis.summary import quoted
from retab_mcp.analysis.values.json_types import as_dicts, as_text
from retab_mcp.analysis.values.walk import Place, path_tokens, pointer_of
from retab_mcp.digest.hidden import (
    hidden_names,
    holds_hidden,
    holds_only_plain,
    may_hold_alike,
    same_text,
    unseen_difference,
    visible_form,
)
from retab_mcp.models import FindingKind, Json, Status

# Operators that compare a part of a text, and those that hold where texts differ. All others that
# get two texts, and did not hold, compare whole texts.
_PARTS = frozenset({"contains", "starts_with", "ends_with"})
_NEGATED = frozenset({"is_not_equal_to", "not_equals", "does_not_equal", "is_not_in"})
# Parts of a condition are looked into this deep.
MAX_DEPTH = 3
# Texts of one step that are compared.
MAX_TEXTS = 20_000
# Steps whose inputs are tested together, which is faster than one by one.
STEPS_AT_ONCE = 50
# Items of a list in a condition that are compared.
MAX_ITEMS = 100
# Characters of a code or a key that is looked up.
MAX_CODE = 40
_SIDES = ("expected", "actual")


def find_unseen_in_conditions(facts: RunFacts) -> Iterator[Finding]:
    """Yield a finding for each condition decided by what nobody can see."""
    for step in facts.steps:
        artifact = facts.artifacts.get(step.step_id)
        if artifact is None:
            continue
        for number, evaluation in enumerate(as_dicts(artifact.data.get("evaluations"))):
            for part in _parts(evaluation):
                said = _unseen(part)
                if said is not None:
                    path = as_text(part.get("path")) or as_text(evaluation.get("path"))
                    yield Finding(
                        FindingKind.HIDDEN_CHARACTERS,
                        _sentence(path, part, said),
                        "evaluations",
                        paths=(f"/evaluations/{number}",),
                        field=path.rpartition(".")[2],
                    ).from_artifact(step)
                    break


def _sentence(path: str, part: dict[str, Json], said: str) -> str:
    outcome = "matched" if part.get("matched") else "did not match"
    compared = " ".join(filter(None, (path, as_text(part.get("operator")))))
    expected, actual = quoted(part.get("expected")), quoted(part.get("actual"))
    return f"{compared} {expected} {outcome} {actual}: {said}"


def _parts(evaluation: dict[str, Json], depth: int = 0) -> Iterator[dict[str, Json]]:
    """Yield a condition, its items and its parts, as comparisons of their own."""
    yield evaluation
    for item in as_dicts(evaluation.get("items")):
        yield {**evaluation, "actual": item.get("actual"), "matched": item.get("matched")}
    if depth < MAX_DEPTH:
        for part in as_dicts(evaluation.get("sub_evaluations")):
            yield from _parts(part, depth + 1)


def _unseen(part: dict[str, Json]) -> str | None:
    """Name what nobody can see and what decided a comparison, None if nothing did."""
    operator = as_text(part.get("operator"))
    if bool(part.get("matched")) is not (operator in _NEGATED):
        return None
    expected, actual = part.get("expected"), part.get("actual")
    if isinstance(actual, list) or isinstance(expected, list):
        return _unseen_in_list(expected, actual)
    if operator not in _PARTS:
        return unseen_difference(expected, actual, _SIDES)
    if not isinstance(expected, str) or not isinstance(actual, str) or not visible_form(expected):
        return None
    seen, wanted = visible_form(actual), visible_form(expected)
    holds = {
        "contains": wanted in seen,
        "starts_with": seen.startswith(wanted),
        "ends_with": seen.endswith(wanted),
    }
    if not holds[operator]:
        return None
    # The same length of the actual text, so that only what differs is named.
    at = seen.find(wanted) if operator == "contains" else len(seen) - len(wanted)
    at = 0 if operator == "starts_with" else at
    hidden = hidden_names(actual)
    if hidden:
        return f"actual contains {', '.join(hidden)}"
    return unseen_difference(expected, actual.strip()[at : at + len(expected)], _SIDES)


def _unseen_in_list(expected: Json, actual: Json) -> str | None:
    """Name what nobody can see by which a text differs from an item that looks the same."""
    wanted = expected if isinstance(expected, list) else [expected]
    given = actual if isinstance(actual, list) else [actual]
    pairs = [(one, other) for one in wanted[:MAX_ITEMS] for other in given[:MAX_ITEMS]]
    texts = (
        (one, other) for one, other in pairs if isinstance(one, str) and isinstance(other, str)
    )
    if any(same_text(one, other) for one, other in texts):
        return None
    found = (unseen_difference(one, other, _SIDES) for one, other in pairs)
    return next(filter(None, found), None)


def find_unseen_in_lookups(facts: RunFacts) -> Iterator[Finding]:
    """Yield a finding for each step that found nothing, given texts that only look the same."""
    looking = (
        (step, values)
        for step in facts.steps
        if step.status == Status.COMPLETED
        and (step.type in CODE_TYPES or is_merge(step))
        and (values := values_of(step, facts)) is not None
    )
    while batch := [*islice(looking, STEPS_AT_ONCE)]:
        if holds_only_plain([value for _, values in batch for value, _ in values.inputs]):
            continue
        for step, values in batch:
            finding = _lookup(values) or _short_text(values)
            if finding is not None and _found_nothing(values):
                yield finding.about(step)


def _found_nothing(values: StepValues) -> bool:
    """Return whether the output has a value that means nothing, or false."""
    return any(
        value is False or (not isinstance(value, str) and means_nothing(value))
        for output in values.outputs
        for value, _ in islice(_walk(output), MAX_TEXTS)
    )


def _lookup(values: StepValues) -> Finding | None:
    if not may_hold_alike([value for value, _ in values.inputs]):
        return None
    first: dict[str, tuple[str, Place, bool]] = {}
    for given in values.inputs:
        for value, place in islice(_walk(given), MAX_TEXTS):
            keys = value if isinstance(value, dict) else ()
            texts = [(value, place, False)] if isinstance(value, str) else []
            for text, at, is_key in (*texts, *((key, (place, key), True) for key in keys)):
                form = visible_form(text)
                known = first.setdefault(form, (text, at, is_key))
                said = unseen_difference(known[0], text, ("one", "the other"))
                if said is None or not _are_compared(known[1:], (at, is_key)):
                    continue
                message = f"{quoted(text)} occurs twice in the inputs and is not the same: {said}"
                return Finding(
                    FindingKind.HIDDEN_CHARACTERS,
                    message,
                    "inputs",
                    paths=(pointer_of(known[1]), pointer_of(at)),
                    field=_name(at if known[2] else known[1]),
                )
    return None


def _short_text(values: StepValues) -> Finding | None:
    """Return a finding for a short text with invisible characters, such as a code, None without.

    Look-alikes and spaces are not among them: names have them, rightly.
    """
    for given in values.inputs:
        if not holds_hidden(given[0]):
            continue
        for value, place in islice(_walk(given), MAX_TEXTS):
            if isinstance(value, str) and len(value) <= MAX_CODE and hidden_names(value):
                codes = ", ".join(hidden_names(value))
                message = (
                    f"found nothing for {_name(place)} {quoted(value)}, which contains {codes}"
                )
                return Finding(
                    FindingKind.HIDDEN_CHARACTERS,
                    message,
                    "inputs",
                    paths=(pointer_of(place),),
                    field=_name(place),
                )
    return None


def _are_compared(one: tuple[Place, bool], other: tuple[Place, bool]) -> bool:
    """Return whether a step may have compared two texts: a key with a value, or two inputs."""
    if one[1] != other[1]:
        return True
    return not one[1] and path_tokens(one[0])[:2] != path_tokens(other[0])[:2]


def _name(place: Place) -> str:
    names = [token for token in path_tokens(place) if isinstance(token, str)]
    return names[-1] if names else ""


def _walk(start: Value) -> Iterator[Value]:
    """Yield all values in a value, itself first."""
    stack = [start]
    while stack:
        value, place = stack.pop()
        yield value, place
        if isinstance(value, dict):
            stack += [(child, (place, key)) for key, child in reversed(value.items())]
        elif isinstance(value, list):
            stack += [(value[at], (place, at)) for at in range(len(value) - 1, -1, -1)]
