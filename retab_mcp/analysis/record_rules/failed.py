"""A record that says it failed, of a step that completed."""

from collections.abc import Iterator

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.values.artifact_fields import error_message
from retab_mcp.models import Artifact, FindingKind, Status

# How a while loop says that it ended by an error.
_ENDED_BY_ERROR = "error"


def find_failed_record(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding where the record has a status of failure, or an error."""
    data = artifact.data
    failure = artifact.failure
    message = failure.message if failure else error_message(data.get("error"))
    code = (failure.details.error_code if failure and failure.details else None) or ""
    said = ": ".join(filter(None, (code if code not in message else "", message)))
    if artifact.status in {Status.ERROR, Status.CANCELLED}:
        status = f"its record has the status {data.get('status')}"
    elif said:
        status = "its record has an error"
    elif data.get("termination_reason") == _ENDED_BY_ERROR:
        status = "its record says that the loop ended by an error"
    else:
        return
    text = f"the step completed, but {status}" + (f": {said}" if said else "")
    yield Finding(FindingKind.RECORD_FAILED, text, "status", paths=("/error",) if said else ())
