"""Read an artifact, renaming its fields as in the current generation."""

from collections.abc import Mapping

from retab_mcp.models import Artifact, ArtifactRef, Json, Operation, normal_status
from retab_mcp.retab.generations.registry import renames
from retab_mcp.retab.normalize.fields import (
    fields_of,
    first_text,
    listing,
    mapping,
    moment,
    record,
    renamed,
)
from retab_mcp.retab.normalize.lifecycle import UNKNOWN, failure_of
from retab_mcp.retab.operations import normal_operation

# Conditions nest: an evaluation, its details, their sub-conditions. No schema is deeper; fields
# below this depth keep their older names, which bounds the recursion.
MAX_CONDITION_DEPTH = 8


def artifact_from_wire(body: Json, operation: str | None, artifact_id: str) -> Artifact:
    """Return an artifact; `operation` and `artifact_id` are used when the record lacks them.

    `data` is the whole record in its current form: `per_item` becomes `items`, `workflow_run_id`
    becomes `run_id`, an error text becomes {"message"}, an extraction's `predictions` and
    `likelihoods` become `output` and `consensus`. Raises RetabError (bad_response) when the body
    is not an object.
    """
    row = _unwrapped(mapping(record(body, "artifact")))
    word = normal_operation(first_text(row, "operation") or operation or UNKNOWN)
    data = _current(row, word)
    status = first_text(data, "status")
    return Artifact(
        id=first_text(data, "id") or artifact_id,
        operation=word,
        status=normal_status(status) if status else None,
        run_id=first_text(data, "run_id"),
        step_id=first_text(data, "step_id"),
        created_at=moment(data.get("created_at")),
        failure=failure_of(data, normal_status(status or UNKNOWN)),
        data=data,
    )


def artifact_ref_from_wire(value: Json, output: Json = None) -> ArtifactRef | None:
    """Return a reference to an artifact, None without one.

    `output` is the typed output that steps had until April 2026, before references: that of an
    extraction contains the extraction's id.
    """
    if not value and not output:
        return None
    ref = fields_of(value)
    found = first_text(ref, "id")
    if found:
        operation = first_text(ref, "operation")
        return ArtifactRef(operation=normal_operation(operation) if operation else None, id=found)
    extraction_id = first_text(fields_of(output), "extraction_id")
    return ArtifactRef(operation=Operation.EXTRACTION, id=extraction_id) if extraction_id else None


def _unwrapped(row: dict[str, Json]) -> dict[str, Json]:
    inner = row.get("record")
    if isinstance(inner, dict) and "id" not in row:
        return {**row, "record": None, **mapping(inner)}
    # One documentation page of May 2026 has the record under `data`, next to its block.
    data = row.get("data")
    if isinstance(data, dict) and "block_id" in row:
        outer = {name: item for name, item in row.items() if name != "data"}
        return {**mapping(data), **outer}
    return row


def _current(row: dict[str, Json], operation: str) -> dict[str, Json]:
    data = renamed(row, renames("artifact"))
    if "operation" in data:
        data["operation"] = operation
    if "error" in data:
        data["error"] = _error(data["error"])
    if isinstance(data.get("attempts"), list):
        data["attempts"] = [_attempt(item) for item in data["attempts"]]
    if isinstance(data.get("evaluations"), list):
        data["evaluations"] = [evaluation_from_wire(item) for item in data["evaluations"]]
    if operation == Operation.EDIT:
        return renamed(data, renames("edit"))
    if operation == Operation.EXTRACTION:
        return _extraction(renamed(data, renames("extraction")))
    if operation == Operation.CLASSIFICATION and isinstance(data.get("consensus"), dict):
        consensus = renamed(data["consensus"], renames("classification_consensus"))
        return {**data, "consensus": consensus}
    return data


def _error(value: Json) -> Json:
    # Errors of functions, API calls and attempts were plain text until about 25 May 2026.
    return {"message": value} if isinstance(value, str) and value else value or None


def _attempt(item: Json) -> Json:
    if not isinstance(item, dict) or "error" not in item:
        return item
    return {**item, "error": _error(item["error"])}


def evaluation_from_wire(item: Json, depth: int = 0) -> Json:
    """Return how a condition was evaluated, its fields and those of its parts renamed."""
    if not isinstance(item, dict) or depth > MAX_CONDITION_DEPTH:
        return item
    found = renamed(item, renames("evaluation"))
    if isinstance(found.get("details"), dict):
        found["details"] = evaluation_from_wire(found["details"], depth + 1)
    for name in ("sub_evaluations", "sub_conditions"):
        if isinstance(found.get(name), list):
            found[name] = [evaluation_from_wire(sub, depth + 1) for sub in found[name]]
    return found


def _extraction(data: dict[str, Json]) -> dict[str, Json]:
    # Until 16 April 2026 confidence and votes were top-level fields, the model a setting.
    choices = data.pop("consensus_details", None)
    likelihoods = data.pop("likelihoods", None)
    consensus = mapping(data.get("consensus"))
    if choices is not None or likelihoods is not None:
        older = {"choices": _choices(choices, data.get("output")), "likelihoods": likelihoods}
        known = {name: item for name, item in consensus.items() if item is not None}
        data["consensus"] = {**older, **known}
    return _with_settings(data, mapping(data.get("inference_settings")))


def _choices(details: Json, output: Json) -> list[Json]:
    # The older form wraps each vote as {"data": ...}; not if the output itself has that field.
    votes = listing(details)
    wrapped = all(isinstance(mapping(vote).get("data"), dict) for vote in votes)
    if not wrapped or "data" in mapping(output):
        return votes
    return [vote["data"] for vote in votes]


def _with_settings(data: dict[str, Json], settings: Mapping[str, Json]) -> dict[str, Json]:
    for name in ("model", "n_consensus"):
        if data.get(name) is None and settings.get(name) is not None:
            data[name] = settings[name]
    return data
