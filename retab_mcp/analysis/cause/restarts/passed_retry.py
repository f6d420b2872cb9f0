"""Recognize a run that reports a failed attempt although a later attempt passed."""

from collections.abc import Sequence
from dataclasses import replace

from retab_mcp.analysis.cause.choice.candidates import failed_on_their_own
from retab_mcp.analysis.cause.downstream import downstream_of
from retab_mcp.analysis.cause.evidence.generic_messages import contains, is_generic
from retab_mcp.analysis.cause.root_cause import RootCause, dependencies_of
from retab_mcp.analysis.values.artifact_fields import error_message
from retab_mcp.analysis.values.call_attempts import has_failed, outcome, response_status
from retab_mcp.analysis.values.json_types import as_dicts
from retab_mcp.models import Artifact, Graph, Json, Run, Status, StepSummary

# Steps whose artifacts are compared with the run's error.
MAX_CANDIDATES = 3


def retried_steps(run: Run, steps: Sequence[StepSummary]) -> list[StepSummary]:
    """Return the completed steps that were retried, if the run failed without a failed step.

    The step that the run names comes first.
    """
    if run.status != Status.ERROR or run.failure is None or failed_on_their_own(steps):
        return []
    details = run.failure.details
    named = (run.failing_step_id, details.block_id if details is not None else None)
    passed = [
        step
        for step in steps
        if step.status == Status.COMPLETED
        and step.artifact is not None
        and (step.retry_count or _is_named(step, named))
    ]
    return sorted(passed, key=lambda step: not _is_named(step, named))[:MAX_CANDIDATES]


def passed_retry(
    run: Run,
    cause: RootCause,
    step: StepSummary,
    artifact: Artifact,
    steps: Sequence[StepSummary],
    graph: Graph | None,
) -> RootCause | None:
    """Return `cause` as that of a retry that passed, None if the run's error is not about it."""
    attempts = as_dicts(artifact.data.get("attempts"))
    if len(attempts) < 2 or has_failed(attempts[-1]):
        return None
    message = run.failure.message if run.failure is not None else ""
    quoted = next((one for one in attempts[:-1] if has_failed(one) and _quotes(message, one)), None)
    if quoted is None:
        return None
    said = (
        f"the run reports attempt {attempts.index(quoted) + 1} of {len(attempts)} of this step"
        f" ({outcome(quoted)}), but the last one passed ({outcome(attempts[-1])})"
    )
    dependencies, _ = dependencies_of(steps, graph, None)
    below = downstream_of(step, steps, frozenset(), frozenset(), dependencies)
    return replace(cause, step=step, reasons=(said, cause.reasons[-1]), downstream=below)


def _is_named(step: StepSummary, named: tuple[str | None, ...]) -> bool:
    return step.step_id in named or step.block_id in named


def _quotes(message: str, attempt: dict[str, Json]) -> bool:
    """Return whether the message is about the failed attempt: its error, or its status."""
    error = error_message(attempt.get("error"))
    if error and not is_generic(error) and contains(message, error):
        return True
    status = response_status(attempt)
    return status is not None and str(status) in message
