"""Read an artifact of an operation with given data."""

from typing import Any

from retab_mcp.analysis.findings import worst_first
from retab_mcp.analysis.operations import evidence, findings_in, summarize
from retab_mcp.analysis.summary import ArtifactSummary
from retab_mcp.models import Artifact

FILE = {"id": "file_1", "filename": "scan.pdf", "mime_type": "application/pdf"}


def artifact_of(operation: str, data: dict[str, Any], **fields: Any) -> Artifact:
    return Artifact(id="a1", operation=operation, data=data, **fields)


def summary_of(operation: str, data: dict[str, Any], **fields: Any) -> ArtifactSummary:
    return summarize(artifact_of(operation, data, **fields), 1500)


def findings_of(operation: str, data: dict[str, Any], **fields: Any) -> list[tuple[str, str]]:
    """Return kind and message of the findings of an artifact, worst first."""
    found = worst_first(findings_in(artifact_of(operation, data, **fields)))
    assert all(one.step_id is None for one in found)
    return [(one.kind, one.message) for one in found]


def paths_of(operation: str, data: dict[str, Any], **fields: Any) -> dict[str, tuple[str, ...]]:
    """Return where in an artifact its findings point, by the message of each."""
    return {one.message: one.paths for one in findings_in(artifact_of(operation, data, **fields))}


def evidence_of(operation: str, data: dict[str, Any], message: str = "") -> dict[str, Any]:
    return evidence(artifact_of(operation, data), message)
