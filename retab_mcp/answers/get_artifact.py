"""get_artifact: the record that a step produced, summarised by its operation."""

from datetime import datetime
from typing import ClassVar

from retab_mcp.analysis.findings import worst_first
from retab_mcp.analysis.operations import findings_in, summarize
from retab_mcp.analysis.records import artifact_record
from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.answers.common.answer import Answer, NextCall, Part, Truncated
from retab_mcp.answers.common.cause import CausePart, cause_of
from retab_mcp.answers.common.classified import artifact_cause, with_cause
from retab_mcp.answers.common.drill_down import read_value
from retab_mcp.answers.common.findings import FINDING_BUDGET
from retab_mcp.answers.common.said_once import details_without_evidence
from retab_mcp.answers.common.shown import shown_of
from retab_mcp.digest.text import clip
from retab_mcp.models import Artifact, FindingKind, Json
from retab_mcp.queries.document_places import places_in_document
from retab_mcp.queries.ids import ARTIFACT, read_id
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.tools.get_artifact import GetArtifact

# Estimated tokens of the summary: a few hundred are enough for the facts of an operation.
SUMMARY_BUDGET = 900
# Kinds of finding that a summary does not show as facts.
NOT_IN_SUMMARY = frozenset(
    {
        FindingKind.RESPONSE_SAYS_FAILED,
        FindingKind.HTML_RESPONSE,
        FindingKind.PAGES_EMPTY,
        FindingKind.PAGES_INVALID,
        FindingKind.PART_REPEATED,
        FindingKind.UNKNOWN_PART,
        FindingKind.UNKNOWN_CATEGORY,
        FindingKind.TABLE_EMPTY,
    }
)
# Fields of the record that are shown as they are.
SHOWN = ("artifact_id", "operation", "status", "run_id", "step_id", "created_at")


class RecordFinding(Part):
    """What is wrong in the record; `paths` are pointers into it."""

    kind: str
    message: str
    paths: list[str] = []


class GetArtifactAnswer(Answer):
    """An artifact, or the value at `path` in it."""

    names_hidden: ClassVar[bool] = True

    artifact_id: str
    operation: str
    status: str | None = None
    run_id: str | None = None
    step_id: str | None = None
    created_at: datetime | None = None
    cause: CausePart | None = None
    findings: list[RecordFinding] = []
    summary: Json = None
    in_document: dict[str, str] = {}
    unavailable: list[str] = []
    path: str | None = None
    value: Json = None


async def get_artifact(inspector: Inspector, request: GetArtifact) -> GetArtifactAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    artifact = await inspector.artifact(*_read_ref(request.artifact_id, request.operation))
    arguments = {"artifact_id": artifact.id, "operation": artifact.operation}
    if request.path:
        record = artifact_record(artifact)
        record = with_cause(record, artifact_cause(artifact, cause_of(record)))
        if findings := _findings(artifact):
            record["findings"] = [one.model_dump(mode="json") for one in findings]
        value = read_value(record, request.path, "get_artifact", arguments)
        return GetArtifactAnswer(
            artifact_id=artifact.id,
            operation=artifact.operation,
            path=value.path,
            value=value.value,
            truncated=value.truncated,
        )
    answer = _overview(artifact, arguments)
    asked = Asked()
    places = await places_in_document(inspector, artifact, answer.summary, asked)
    return answer.model_copy(update={"in_document": places, "unavailable": asked.gaps})


def _read_ref(artifact_id: str, operation: str) -> tuple[str, str]:
    """Return id and operation; `artifact_id` can be a whole ref, as in the rows of list_steps."""
    found = read_id(artifact_id, ARTIFACT)
    named, separator, bare = found.partition(":")
    if separator and named and bare:
        found, operation = bare, operation or named
    return found, operation.strip().lower()


def _findings(artifact: Artifact) -> list[RecordFinding]:
    """Return what is wrong in a record that did not fail, unless the summary says so."""
    if artifact.failure is not None:
        return []
    return [
        RecordFinding(
            kind=one.kind, message=clip(one.message, FINDING_BUDGET), paths=list(one.paths)
        )
        for one in worst_first(findings_in(artifact))
        if one.kind in NOT_IN_SUMMARY
    ]


def _overview(artifact: Artifact, arguments: dict[str, Json]) -> GetArtifactAnswer:
    record = artifact_record(artifact)
    summary = summarize(artifact, SUMMARY_BUDGET)
    truncated = None
    if summary.truncated:
        following = None
        if summary.omitted:
            path = {"path": summary.omitted[0]}
            following = NextCall(tool="get_artifact", arguments={**arguments, **path})
        truncated = Truncated(
            shown=summary.shown, total=summary.total, unit=summary.unit, next=following
        )
    # A field of an undocumented type can be read by `path` only.
    unreadable = {
        name
        for name in ("status", "run_id", "step_id", "created_at")
        if getattr(artifact, name) is None
    }
    return GetArtifactAnswer(
        **shown_of(record, tuple(name for name in SHOWN if name not in unreadable)),
        cause=_cause_beside(summary.value, artifact_cause(artifact, cause_of(record))),
        findings=_findings(artifact),
        summary=summary.value,
        truncated=truncated,
    )


def _cause_beside(summary: Json, cause: CausePart | None) -> CausePart | None:
    """Return the cause without the facts about the call that the attempts in the summary show."""
    attempts = summary.get("attempts") if isinstance(summary, dict) else None
    if cause is None or not isinstance(attempts, list) or not attempts:
        return cause
    shown: dict[str, Json] = {
        "attempts": len(attempts),
        "status": as_dict(attempts[-1]).get("status"),
    }
    details = cause.details
    if isinstance(details, dict):
        details = details_without_evidence(shown, details)
    return cause.model_copy(update={"details": details})
