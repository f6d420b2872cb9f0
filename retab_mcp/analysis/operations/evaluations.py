"""Conditional, review trigger and while loop: conditions, actual values and the outcome."""

from collections.abc import Iterator

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.operation_reader import FailureClue, OperationReader
from retab_mcp.analysis.summary import PROSE_TOKENS, RowList, SummaryDraft, present, quoted, short
from retab_mcp.analysis.values.artifact_fields import MAX_NAMED
from retab_mcp.analysis.values.json_types import as_dicts, as_text, json_type
from retab_mcp.digest.hidden import hidden_difference
from retab_mcp.digest.text import clip
from retab_mcp.models import Artifact, FailureKind, FindingKind, Json, Operation

# Conditions that a summary lists; of a while loop the last ones.
MAX_CONDITIONS = 15
# Items of a condition on a list.
MAX_ITEMS = 5
# The vendor's word for a while loop that did not meet its exit condition.
LIMIT_REACHED = "max_iterations_reached"

# Operators with one side only, or whose sides always differ in type.
_ONE_SIDED = frozenset(
    {"exists", "does_not_exist", "is_empty", "is_not_empty", "is_true", "is_false"}
    | {"length_equal_to", "length_greater_than", "length_less_than", "contains"}
)
# Operators that compare both sides as a whole.
_WHOLE = frozenset({"is_equal_to", "is_not_equal_to"})


def _summarize_conditional(artifact: Artifact) -> SummaryDraft:
    """Return one line per condition and the branch taken."""
    return SummaryDraft(_conditions(artifact, MAX_CONDITIONS) | _branch(artifact))


def _summarize_review(artifact: Artifact) -> SummaryDraft:
    """Return whether a review was requested, the decision, and one line per condition.

    The reviewer is left out, since a name explains nothing.
    """
    data = artifact.data
    facts: dict[str, Json] = {}
    if isinstance(data.get("requires_human_review"), bool):
        facts["requires_review"] = data["requires_human_review"]
    facts |= present(
        decision=data.get("review_decision"),
        notes=clip(as_text(data.get("review_notes")), PROSE_TOKENS),
        requested_revision=data.get("requested_revision") or None,
        reviewed_at=data.get("reviewed_at"),
    )
    return SummaryDraft(facts | _conditions(artifact, MAX_CONDITIONS) | _branch(artifact))


def _summarize_while_loop(artifact: Artifact) -> SummaryDraft:
    """Return why the loop ended and the last evaluations of its conditions."""
    facts = present(termination_reason=artifact.data.get("termination_reason"))
    return SummaryDraft(facts | _conditions(artifact, -MAX_CONDITIONS))


def _conditional_evidence(artifact: Artifact) -> dict[str, Json]:
    """Return the first conditions and the branch taken."""
    return present(
        conditions=_condition_lines(artifact, MAX_NAMED),
        branch_id=artifact.data.get("matched_branch_id"),
        selected_handles=artifact.data.get("selected_handles"),
    )


def _review_evidence(artifact: Artifact) -> dict[str, Json]:
    """Return the conditions that triggered the review, and the decision."""
    evaluations = as_dicts(artifact.data.get("evaluations"))
    matched = [evaluation for evaluation in evaluations if evaluation.get("matched")]
    return present(
        triggered_by=[_condition_line(evaluation) for evaluation in matched[:MAX_NAMED]],
        decision=artifact.data.get("review_decision"),
    )


def _while_loop_evidence(artifact: Artifact) -> dict[str, Json]:
    """Return why the loop ended and the last evaluations of its conditions."""
    return present(
        termination_reason=artifact.data.get("termination_reason"),
        last_conditions=_condition_lines(artifact, -MAX_NAMED),
    )


def _find_different_types(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding for each condition that compares values of different types."""
    default = ", so the default branch was taken" if _took_default(artifact) else ""
    for number, line in enumerate(_condition_lines(artifact, MAX_CONDITIONS)):
        if "types" in line:
            # Malformed records have other values than text here, which name nothing.
            name, operator = as_text(line.get("path")), as_text(line.get("operator"))
            how = f" ({operator.replace('_', ' ')})" if operator else ""
            message = (
                f"{name or 'a value'} is {_the(line['actual'])} and was compared with "
                f"{_the(line['expected'])}{how}{default}"
            )
            yield Finding(
                FindingKind.CONDITION_TYPES_DIFFER,
                message,
                "evaluations",
                paths=(f"/evaluations/{number}",),
                field=_field(line),
            )


def _find_default_branch(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding where no condition matched, unless different types explain it."""
    lines = _condition_lines(artifact, MAX_CONDITIONS)
    if _took_default(artifact) and not any("types" in line for line in lines):
        message = "no condition matched, so the default branch was taken"
        hidden = next((line["hidden"] for line in lines if "hidden" in line), None)
        message += f": {hidden}" if hidden else ""
        fields = {_field(line) for line in lines}
        field = fields.pop() if len(fields) == 1 else ""
        yield Finding(FindingKind.DEFAULT_BRANCH, message, "evaluations", field=field)


def _the(value: Json) -> str:
    return "null" if value is None else f"the {quoted(value)}"


def _field(line: dict[str, Json]) -> str:
    """Return the name of the field that a condition reads, "" where its path names none."""
    return as_text(line.get("path")).rpartition(".")[2]


def _find_rejection(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding where the review was rejected."""
    if artifact.data.get("review_decision") == "rejected":
        notes = as_text(artifact.data.get("review_notes")) or "no reason given"
        message = f"review rejected: {notes}"
        yield Finding(FindingKind.REVIEW_REJECTED, message, "review_decision")


def _find_loop_limit(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding where the loop reached its maximum number of iterations."""
    if artifact.data.get("termination_reason") == LIMIT_REACHED:
        message = "the loop reached its maximum number of iterations before its exit condition held"
        last = next((line for line in _condition_lines(artifact, -1) if "actual" in line), None)
        if last is not None:
            name = _field(last) or "the value"
            how = as_text(last.get("operator")).replace("_", " ")
            wanted = f" ({how} {quoted(last['expected'])})" if how and "expected" in last else ""
            message += f"; at the end, {name} was {_the(last['actual'])}{wanted}"
        yield Finding(FindingKind.LOOP_LIMIT, message, "termination_reason")


def _while_loop_clue(artifact: Artifact) -> FailureClue | None:
    """Return the loop limit as the kind of failure where the loop reached it."""
    if artifact.data.get("termination_reason") != LIMIT_REACHED:
        return None
    return FailureClue(f"the loop ended with {LIMIT_REACHED}", kind=FailureKind.LOOP_LIMIT)


def _condition_lines(artifact: Artifact, limit: int) -> list[dict[str, Json]]:
    """Return one line per condition: the first `limit`, or the last where it is negative."""
    evaluations = as_dicts(artifact.data.get("evaluations"))
    kept = evaluations[:limit] if limit > 0 else evaluations[limit:]
    return [_condition_line(evaluation) for evaluation in kept]


def _condition_line(evaluation: dict[str, Json]) -> dict[str, Json]:
    """Return {path, operator, expected, actual, hidden, matched, types, branch, items, parts}.

    `hidden` names the invisible characters by which sides differ that read the same. `types` is
    set where expected and actual have different types. Both are kept when null. Parts
    of a condition have no parts themselves.
    """
    fields = _sides(evaluation)
    line = present(
        path=short(evaluation.get("path")),
        operator=short(evaluation.get("operator")),
    )
    line |= {key: short(value) for key, value in fields.items()}
    names = ("expected", "actual")
    hidden = hidden_difference(fields.get("expected"), fields.get("actual"), names)
    line |= present(hidden=hidden)
    line["matched"] = bool(evaluation.get("matched"))
    parts = as_dicts(evaluation.get("sub_evaluations"))
    line |= present(
        types=_types(evaluation.get("operator"), fields),
        branch=evaluation.get("branch_name") or evaluation.get("output_handle_id"),
        items=_items(evaluation.get("items")),
        logical_operator=evaluation.get("logical_operator"),
        parts_total=len(parts) if len(parts) > MAX_CONDITIONS else None,
        parts=[
            _condition_line(part | {"sub_evaluations": None}) for part in parts[:MAX_CONDITIONS]
        ],
    )
    return line


def _sides(evaluation: dict[str, Json]) -> dict[str, Json]:
    """Return expected and actual, without the expected null of an operator that has none."""
    sides: dict[str, Json] = {
        name: evaluation[name] for name in ("expected", "actual") if name in evaluation
    }
    if as_text(evaluation.get("operator")) in _ONE_SIDED and sides.get("expected") is None:
        sides.pop("expected", None)
    return sides


def _types(operator: Json, sides: dict[str, Json]) -> dict[str, str] | None:
    if as_text(operator) in _ONE_SIDED or len(sides) < 2:
        return None
    types = {name: json_type(value) for name, value in sides.items()}
    # Whether one of a list is meant, as by "is_one_of".
    if "array" in types.values() and as_text(operator) not in _WHOLE:
        return None
    return types if len(set(types.values())) > 1 else None


def _items(items: Json) -> dict[str, Json] | None:
    """Return how many items matched, and the first ones, unmatched before matched."""
    entries = as_dicts(items)
    if not entries:
        return None
    matched = [entry for entry in entries if entry.get("matched")]
    unmatched = [entry for entry in entries if not entry.get("matched")]
    return {
        "count": len(entries),
        "matched": len(matched),
        "first": [
            {
                "index": entry.get("indices") or entry.get("index"),
                "actual": short(entry.get("actual")),
                "matched": bool(entry.get("matched")),
            }
            for entry in (unmatched + matched)[:MAX_ITEMS]
        ],
    }


def _conditions(artifact: Artifact, limit: int) -> dict[str, Json]:
    return present(
        conditions=RowList(
            list(_condition_lines(artifact, limit)),
            total=len(as_dicts(artifact.data.get("evaluations"))),
            pointer="/evaluations",
            total_name="conditions_total",
            items=True,
            last=limit < 0,
        )
    )


def _branch(artifact: Artifact) -> dict[str, Json]:
    matched = [
        evaluation.get("branch_name")
        for evaluation in as_dicts(artifact.data.get("evaluations"))
        if evaluation.get("matched") and evaluation.get("branch_name")
    ]
    facts = present(
        branch=matched[0] if matched else None,
        branch_id=artifact.data.get("matched_branch_id"),
        selected_handles=artifact.data.get("selected_handles"),
    )
    return facts | ({"no_condition_matched": True} if _took_default(artifact) else {})


def _took_default(artifact: Artifact) -> bool:
    """Return whether conditions were evaluated and none of them matched."""
    evaluations = as_dicts(artifact.data.get("evaluations"))
    return bool(evaluations) and not (
        any(evaluation.get("matched") for evaluation in evaluations)
        or artifact.data.get("matched_condition_ids")
        or artifact.data.get("matched_branch_id")
    )


CONDITIONAL = OperationReader(
    operation=Operation.CONDITIONAL_EVALUATION,
    summarize=_summarize_conditional,
    evidence=_conditional_evidence,
    findings=(_find_different_types, _find_default_branch),
)
REVIEW_TRIGGER = OperationReader(
    operation=Operation.REVIEW_TRIGGER_EVALUATION,
    summarize=_summarize_review,
    evidence=_review_evidence,
    findings=(_find_rejection,),
)
WHILE_LOOP = OperationReader(
    operation=Operation.WHILE_LOOP_TERMINATION,
    summarize=_summarize_while_loop,
    evidence=_while_loop_evidence,
    findings=(_find_loop_limit,),
    clue=_while_loop_clue,
)
