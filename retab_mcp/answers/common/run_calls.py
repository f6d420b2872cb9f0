"""The calls that add to an explanation of a run."""

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.lineage.suspicious_inputs import Suspicion
from retab_mcp.answers.common.answer import NextCall
from retab_mcp.answers.common.calls import list_failures_of, read_artifact, read_step
from retab_mcp.models import FailureKind, FindingKind
from retab_mcp.models.status import UNFINISHED
from retab_mcp.queries.run_facts import Explanation
from retab_mcp.tools.get_run import MAX_WAIT_SECONDS

# Kinds of failure that inputs can explain; they do not explain, say, a called API that is down.
INPUT_KINDS = frozenset(
    {
        *("called_api_refused", "schema_violation", "missing_input", "function_exception"),
        *("routing", "loop_limit", "unknown"),
    }
)


# Keys of evidence that show nothing about the inputs.
WITHOUT_INPUTS = frozenset(
    {
        *("error_code", "error", "stack_trace", "stdout", "duration_ms"),
        *("attempts", "method", "url", "status", "response_body", "credentials_sent"),
    }
)

MAX_SUSPICIOUS = 3


def suspicions_of(found: Explanation) -> list[Suspicion]:
    if found.suspicious is None or found.cause is None or found.cause.kind not in INPUT_KINDS:
        return []
    return found.suspicious.first[:MAX_SUSPICIOUS]


def calls_after(found: Explanation) -> list[NextCall]:
    """Suggest calls that add to this answer.

    They read the root-cause step's inputs, its artifact, the other failures in its loop or the
    artifact behind a finding, or wait for the end of the run.
    """
    cause = found.cause
    if any(one.kind == FindingKind.STUCK for one in found.findings) and found.run.workflow_id:
        stuck = {"workflow_id": found.run.workflow_id, "status": str(found.run.status)}
        return [NextCall(tool="list_runs", arguments=stuck, reason="other runs that are stuck")]
    if found.run.status in UNFINISHED:
        arguments = {"run_id": found.run.id, "wait_seconds": MAX_WAIT_SECONDS}
        return [NextCall(tool="get_run", arguments=arguments)]
    if cause is None:
        return _calls_for_findings(found)
    if cause.step is None:
        # The run may name a failing step that the list lacks.
        named = found.run.failing_step_id
        if named and not found.read.complete:
            return [read_step(found.run.id, named)]
        return _calls_for_findings(found)
    calls = []
    if cause.kind == FailureKind.CANCELLED and cause.others:
        calls.append(read_step(found.run.id, cause.others[0], reason="failed before the end"))
    unread = found.step is None or not found.read.complete
    if unread or (found.has_inputs and _inputs_would_help(found, cause)):
        reason = "inputs of the root-cause step"
        calls.append(read_step(found.run.id, cause.step.step_id, reason=reason))
    ref = cause.step.artifact or (found.step.artifact if found.step else None)
    if ref is not None and not cause.evidence:
        calls.append(read_artifact(ref))
    if cause.others and cause.step.loops:
        loop = cause.step.loops[0].container_id
        calls.append(list_failures_of(found.run.id, loop, "other failures in this loop"))
    return calls


def _inputs_would_help(found: Explanation, cause: RootCause) -> bool:
    """Return whether inputs may explain the failure and this answer shows none of them."""
    if cause.kind not in INPUT_KINDS or suspicions_of(found):
        return False
    return not set(cause.evidence) - WITHOUT_INPUTS


def _calls_for_findings(found: Explanation) -> list[NextCall]:
    by_id = {step.step_id: step for step in found.read.steps}
    for finding in found.findings:
        step = by_id.get(finding.step_id or "")
        # No artifact shows why a step was slow.
        if step is not None and finding.kind != "slow_step":
            ref = step.artifact
            in_handles = any(path.startswith("/handle_") for path in finding.paths)
            if ref is None or in_handles:
                return [read_step(found.run.id, step.step_id)]
            return [read_artifact(ref)]
    return []
