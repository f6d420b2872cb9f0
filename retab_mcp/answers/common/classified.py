"""Add the kind of a failure to the cause that a record states."""

from retab_mcp.analysis.cause.classify import classify
from retab_mcp.analysis.cause.evidence.failure_report import failure_report
from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.configuration.advice import suggestion_by_code
from retab_mcp.answers.common.cause import CausePart
from retab_mcp.models import Artifact, ExperimentJob, Json, StepSummary

# Evidence that the summary of an artifact does not have.
_ADDED_EVIDENCE = ("error", "sent", "credentials_sent")


def job_cause(job: ExperimentJob, part: CausePart | None) -> CausePart | None:
    """Return the cause in the record of an experiment's job, with its kind and suggestion."""
    if job.failure is None or part is None:
        return part
    step = StepSummary(
        run_id=job.run_id, step_id=job.id, block_id=job.id, type=job.type, status=job.status
    )
    verdict = classify(job.failure, step)
    return part.model_copy(update={"kind": verdict.kind, "suggestion": verdict.suggestion})


def artifact_cause(artifact: Artifact, part: CausePart | None) -> CausePart | None:
    """Return the cause in a failed artifact's record, with its kind and what was refused."""
    if artifact.failure is None or part is None:
        return part
    verdict = classify(artifact.failure, None, artifact)
    report = failure_report(artifact.failure, None, artifact, {})
    added = {key: report.evidence[key] for key in _ADDED_EVIDENCE if key in report.evidence}
    cause = RootCause(
        step=None,
        message=report.message,
        stage=artifact.failure.stage,
        category=artifact.failure.category,
        kind=verdict.kind,
        suggestion=verdict.suggestion,
        reasons=(verdict.reason,),
        evidence=report.evidence,
        details=artifact.failure.details,
    )
    # The code of a function is in the workflow's graph only.
    suggestion = suggestion_by_code(cause, has_code=False)
    explained = {"kind": verdict.kind, "suggestion": suggestion, "evidence": added or None}
    return part.model_copy(update={**explained, "message": report.message or part.message})


def with_cause(record: dict[str, Json], cause: CausePart | None) -> dict[str, Json]:
    """Return a record whose `cause` also holds what was added, so that paths lead into it.

    The details stay those of the record, which has them in full.
    """
    if cause is None:
        return record
    shown = cause.model_dump(mode="json", exclude={"details"}, exclude_none=True)
    return {**record, "cause": {**(record.get("cause") or {}), **shown}}
