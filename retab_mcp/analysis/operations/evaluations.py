"""Conditional, review trigger and while loop: what was expected, what was there, what followed."""

from retab_mcp.analysis.summary import (
    PROSE_TOKENS,
    Parts,
    Rows,
    as_dicts,
    as_text,
    present,
    short,
)
from retab_mcp.digest.text import clip
from retab_mcp.models import Json

# Conditions and items that a summary lists; a while loop keeps its last ones.
MAX_CONDITIONS = 15
MAX_ITEMS = 5

# Operators that look at one side only, or whose sides differ in type by nature.
_ONE_SIDED = frozenset(
    {"exists", "does_not_exist", "is_empty", "is_not_empty", "is_true", "is_false"}
    | {"length_equal_to", "length_greater_than", "length_less_than", "contains"}
)


def summarize_conditional(data: dict[str, Json]) -> Parts:
    """Return a line a condition and the branch taken."""
    return Parts(_conditions(data, MAX_CONDITIONS) | _branch(data))


def summarize_review(data: dict[str, Json]) -> Parts:
    """Return whether a review was asked for, the decision, and a line a condition.

    Of the reviewer nothing is told: who it was is not why.
    """
    facts: dict[str, Json] = {}
    if isinstance(data.get("requires_human_review"), bool):
        facts["requires_review"] = data["requires_human_review"]
    facts |= present(
        decision=data.get("review_decision"),
        notes=clip(as_text(data.get("review_notes")), PROSE_TOKENS),
        requested_revision=data.get("requested_revision") or None,
        reviewed_at=data.get("reviewed_at"),
    )
    return Parts(facts | _conditions(data, MAX_CONDITIONS) | _branch(data))


def summarize_while_loop(data: dict[str, Json]) -> Parts:
    """Return why the loop ended and what its conditions last saw."""
    facts = present(termination_reason=data.get("termination_reason"))
    return Parts(facts | _conditions(data, -MAX_CONDITIONS))


def condition_lines(data: dict[str, Json], limit: int) -> list[dict[str, Json]]:
    """Return a line a condition, the first `limit` of them, or the last where it is negative."""
    evaluations = as_dicts(data.get("evaluations"))
    kept = evaluations[:limit] if limit > 0 else evaluations[limit:]
    return [condition_line(evaluation) for evaluation in kept]


def condition_line(evaluation: dict[str, Json]) -> dict[str, Json]:
    """Return {path, operator, expected, actual, matched, types, branch, items, parts}.

    The parts of a condition have none themselves. `types` stands where expected and actual are
    of different types. Both are kept when null.
    """
    fields = _sides(evaluation)
    line = present(
        path=short(evaluation.get("path")),
        operator=short(evaluation.get("operator")),
    )
    line |= {key: short(value) for key, value in fields.items()}
    line["matched"] = bool(evaluation.get("matched"))
    parts = as_dicts(evaluation.get("sub_evaluations"))
    line |= present(
        types=_types(evaluation.get("operator"), fields),
        branch=evaluation.get("branch_name") or evaluation.get("output_handle_id"),
        items=_items(evaluation.get("items")),
        logical_operator=evaluation.get("logical_operator"),
        parts_total=len(parts) if len(parts) > MAX_CONDITIONS else None,
        parts=[condition_line(part | {"sub_evaluations": None}) for part in parts[:MAX_CONDITIONS]],
    )
    return line


def _sides(evaluation: dict[str, Json]) -> dict[str, Json]:
    """Expected and actual, under the names of the documentation's examples too."""
    sides: dict[str, Json] = {}
    for name, older in (("expected", "right_value"), ("actual", "left_value")):
        if name in evaluation:
            sides[name] = evaluation[name]
        elif older in evaluation:
            sides[name] = evaluation[older]
    if as_text(evaluation.get("operator")) in _ONE_SIDED and sides.get("expected") is None:
        sides.pop("expected", None)
    return sides


def _types(operator: Json, sides: dict[str, Json]) -> dict[str, str] | None:
    if as_text(operator) in _ONE_SIDED or len(sides) < 2:
        return None
    types = {name: json_type(value) for name, value in sides.items()}
    return types if len(set(types.values())) > 1 else None


def json_type(value: Json) -> str:
    """Return the JSON type of `value`: null, boolean, number, string, array or object."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _items(items: Json) -> dict[str, Json] | None:
    """How many items matched, and those that did not first."""
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


def _conditions(data: dict[str, Json], limit: int) -> dict[str, Json]:
    return present(
        conditions=Rows(
            list(condition_lines(data, limit)),
            total=len(as_dicts(data.get("evaluations"))),
            pointer="/evaluations",
            total_name="conditions_total",
            items=True,
            last=limit < 0,
        )
    )


def _branch(data: dict[str, Json]) -> dict[str, Json]:
    matched = [
        evaluation.get("branch_name")
        for evaluation in as_dicts(data.get("evaluations"))
        if evaluation.get("matched") and evaluation.get("branch_name")
    ]
    facts = present(
        branch=matched[0] if matched else None,
        branch_id=data.get("matched_branch_id"),
        selected_handles=data.get("selected_handles"),
    )
    return facts | ({"no_condition_matched": True} if took_default(data) else {})


def took_default(data: dict[str, Json]) -> bool:
    """Return whether conditions were evaluated and none of them matched."""
    evaluations = as_dicts(data.get("evaluations"))
    return bool(evaluations) and not (
        any(evaluation.get("matched") for evaluation in evaluations)
        or data.get("matched_condition_ids")
        or data.get("matched_branch_id")
    )
