"""Compare the error of a failed step with the record that the step itself made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from retab_mcp.analysis.values.artifact_fields import error_message
from retab_mcp.analysis.values.json_types import as_dicts
from retab_mcp.models import Artifact, Operation, Status, StepSummary

# An HTTP error status in a message: "failed: 422 Unprocessable", "HTTP 503", "status code 401".
_STATED_STATUS = re.compile(r"(?<![\w.,-])([45]\d\d)(?![\w-]|[.,]\d)")


class Agreement(IntEnum):
    """What a failed step's own record says about its failure, the best evidence first."""

    SHOWS = 0
    SILENT = 1
    CONTRADICTS = 2


def agreement(step: StepSummary, artifact: Artifact | None) -> Agreement:
    """Return whether the record of a failed step shows its failure or contradicts it.

    A record contradicts an error only where it covers what the error is about: all answers of a
    called API were fine though the error names an HTTP error, or a function returned a value.
    """
    if artifact is None:
        return Agreement.SILENT
    if artifact.operation == Operation.API_CALL_INVOCATION:
        return _of_attempts(step, artifact)
    if artifact.failure is not None or artifact.data.get("error") or _failed(artifact):
        return Agreement.SHOWS
    is_function = artifact.operation == Operation.FUNCTION_INVOCATION
    returned = is_function and artifact.data.get("output") is not None
    return Agreement.CONTRADICTS if returned else Agreement.SILENT


@dataclass(frozen=True, slots=True)
class Records:
    """What the records of failed steps show, by step id, as far as they were read.

    `lacking` are steps whose inputs lack what a loop should have produced.
    """

    artifacts: Mapping[str, Artifact] = field(default_factory=dict)
    lacking: frozenset[str] = frozenset()

    def agreement(self, step: StepSummary) -> Agreement:
        """Return whether the record of a failed step shows its failure or contradicts it."""
        return agreement(step, self.artifacts.get(step.step_id))


NO_RECORDS = Records()


def _failed(artifact: Artifact) -> bool:
    return artifact.status == Status.ERROR or artifact.data.get("termination_reason") == "error"


def _of_attempts(step: StepSummary, artifact: Artifact) -> Agreement:
    attempts = as_dicts(artifact.data.get("attempts"))
    statuses = [attempt.get("response_status") for attempt in attempts]
    if any(isinstance(status, int) and status >= 400 for status in statuses):
        return Agreement.SHOWS
    if any(error_message(attempt.get("error")) for attempt in attempts):
        return Agreement.SHOWS
    message = step.failure.message if step.failure is not None else ""
    if attempts and _STATED_STATUS.search(message):
        return Agreement.CONTRADICTS
    # Without an attempt, the call was refused before it was made.
    return Agreement.SHOWS if not attempts and artifact.data.get("error") else Agreement.SILENT
