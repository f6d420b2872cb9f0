"""Artifact records and primitives, as each generation writes them.

What changed: until 2026-05-28 errors were plain strings; until 2026-05-29 an evaluation had
`per_item` for `items` and a record `workflow_run_id` for `run_id`; until 2026-05-30 a primitive had
no status; g1 knew extractions only, with `predictions` for the output and the likelihoods on top.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

from retab_mcp.sandbox.records import Json, SampleArtifact, resolve
from retab_mcp.sandbox.wire.common import (
    ORGANIZATION,
    PRIMITIVES,
    Body,
    error_details,
)

# How finely pages are rendered, in the generations that say it.
RESOLUTION_DPI = 192


class ArtifactRules(Protocol):
    """What a generation decides about the bodies of artifacts; implemented by `Generation`."""

    nested: ClassVar[bool]
    names_owner: ClassVar[bool]
    says_resolution: ClassVar[bool]
    says_filled_type: ClassVar[bool]

    def operation(self, operation: str) -> str:
        """Return the generation's word for an artifact operation."""

    def primitive(self, record: SampleArtifact) -> Body:
        """Return the body of a primitive as the generation's own route gives it."""


def primitive(
    generation: ArtifactRules, record: SampleArtifact, *, include_output: bool = True
) -> Body:
    """Return the body of GET /v1/extractions/{id} and the like.

    `include_output` False gives the projection of g2e and g3 that polls ask for.
    """
    data = dict(resolve(record.data))
    body: Body = {"id": record.id, **data, "created_at": record.created_at}
    if record.operation in ("extraction", "parse") and generation.says_resolution:
        body.setdefault("image_resolution_dpi", RESOLUTION_DPI)
    if generation.nested:
        _make_older_primitive(generation, record, body)
        return body
    body["status"] = record.status
    body["error"] = _primitive_error(record)
    if not include_output:
        body["output"] = {} if isinstance(body.get("output"), Mapping) else []
        body.pop("consensus", None)
    return body


def artifact(generation: ArtifactRules, record: SampleArtifact, run_id: str, step_id: str) -> Body:
    """Return the body of an artifact that the step of these ids made."""
    if record.operation in PRIMITIVES:
        return {"operation": record.operation, **generation.primitive(record)}
    data = dict(resolve(record.data))
    if "error" in data or record.operation in ("api_call_invocation", "function_invocation"):
        data["error"] = _record_error(record)
    if not generation.nested:
        return {
            "operation": record.operation,
            "id": record.id,
            "run_id": run_id,
            "step_id": step_id,
            **data,
            "created_at": record.created_at,
        }
    owner = {"organization_id": ORGANIZATION} if generation.names_owner else {}
    if data.get("error") is not None and record.failure is not None:
        data["error"] = record.failure.message
    return {
        "operation": generation.operation(record.operation),
        "id": record.id,
        "workflow_run_id": run_id,
        **owner,
        "step_id": step_id,
        **_older_record(data),
        "created_at": record.created_at,
    }


def _record_error(record: SampleArtifact) -> Body | None:
    """Return the error of a call or a function: details whose message is the failure's own."""
    if record.failure is None:
        return None
    return {**(error_details(record.failure) or {}), "message": record.failure.message}


def _primitive_error(record: SampleArtifact) -> Body | None:
    failure = record.failure
    if failure is None:
        return None
    details = dict(failure.details) if failure.details is not None else None
    return {"code": failure.code or "internal", "message": failure.message, "details": details}


def _make_older_primitive(generation: ArtifactRules, record: SampleArtifact, body: Body) -> None:
    body["updated_at"] = record.created_at
    if generation.names_owner and record.operation != "edit":
        body["organization_id"] = ORGANIZATION
    if record.operation == "edit":
        body["data"] = _older_edit(generation, body.pop("output"))
        body["instructions"] = body.get("instructions") or ""
        body["usage"] = body.get("usage") or {"credits": 0.0}
    if record.operation == "partition":
        body["instructions"] = body.get("instructions") or ""
    if record.operation == "extraction":
        body["metadata"] = body.get("metadata") or {}
    if "consensus" in body and body["consensus"] is None:
        del body["consensus"]


def _older_edit(generation: ArtifactRules, output: Mapping[str, Json]) -> dict[str, Json]:
    document = dict(output["filled_document"])
    # For a week in May the filled document, always a PDF, also said what it is.
    if generation.says_filled_type:
        document["mime_type"] = "application/pdf"
    return {**output, "filled_document": document}


def _older_record(data: dict[str, Json]) -> dict[str, Json]:
    """Rename what evaluations and attempts say; payloads in them are left as they are."""
    older = dict(data)
    if "evaluations" in older:
        older["evaluations"] = [_older_evaluation(entry) for entry in older["evaluations"]]
    if "attempts" in older:
        older["attempts"] = [_older_attempt(attempt) for attempt in older["attempts"]]
    return older


def _older_evaluation(entry: Mapping[str, Json]) -> dict[str, Json]:
    older = {"per_item" if key == "items" else key: value for key, value in entry.items()}
    for key in ("sub_evaluations", "sub_conditions"):
        if isinstance(older.get(key), list):
            older[key] = [_older_evaluation(sub) for sub in older[key]]
    if isinstance(older.get("details"), Mapping):
        older["details"] = _older_evaluation(older["details"])
    return older


def _older_attempt(attempt: Mapping[str, Json]) -> dict[str, Json]:
    older = dict(attempt)
    if isinstance(older.get("error"), Mapping):
        older["error"] = older["error"].get("message")
    return older
