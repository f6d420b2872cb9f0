"""Leave out of an answer about a step what another part of it says already."""

from collections.abc import Sequence

from retab_mcp.analysis.values.json_types import plain_values
from retab_mcp.answers.common.findings import FindingPart
from retab_mcp.models import Json

# The names that details of an error use for a fact about the call, by its name in the evidence.
_OF_THE_CALL = {
    "attempts": "attempts",
    "response_status": "status",
    "status_code": "status",
    "http_status": "status",
    "status": "status",
}


def evidence_without_details(
    details: dict[str, Json], evidence: dict[str, Json]
) -> dict[str, Json]:
    """Return the evidence of a failure without the facts that the error's `details` show."""
    facts, context = evidence.get("details"), details.get("context")
    if not isinstance(facts, dict) or not isinstance(context, dict):
        return evidence
    new = {
        name: value
        for name, value in facts.items()
        if name not in context or not _in(value) <= _in(context[name])
    }
    others = {name: value for name, value in evidence.items() if name != "details"}
    return {**others, "details": new} if new else others


def details_without_evidence(
    evidence: dict[str, Json], details: dict[str, Json]
) -> dict[str, Json]:
    """Return the details of an error without the facts about the call that the evidence shows."""
    context = details.get("context")
    if not isinstance(context, dict):
        return details
    new = {
        name: value
        for name, value in context.items()
        if name not in _OF_THE_CALL or evidence.get(_OF_THE_CALL[name]) != value
    }
    others = {name: value for name, value in details.items() if name != "context"}
    return {**others, "context": new} if new else others


def paths_once(findings: Sequence[FindingPart]) -> list[FindingPart]:
    """Return the findings, worst first, each without the paths that a worse one has.

    A finding keeps its paths if it has no others.
    """
    seen: set[tuple[str | None, str]] = set()
    found = []
    for one in findings:
        places = [(one.artifact_id, path) for path in one.paths]
        new = [path for place, path in zip(places, one.paths, strict=True) if place not in seen]
        seen.update(places)
        found.append(one.model_copy(update={"paths": new or one.paths}))
    return found


def _in(value: Json) -> set[str]:
    return set(map(repr, plain_values(value)))
