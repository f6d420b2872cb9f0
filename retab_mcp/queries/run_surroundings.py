"""Add to an explanation what does not depend on its cause: other failures, open steps, time."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from retab_mcp.analysis.cause.other_steps.other_failures import other_failures
from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings import worst_first
from retab_mcp.analysis.findings.stuck import WORTH_ASKING_MS, Usual, find_stuck, idle_ms
from retab_mcp.analysis.findings.unfinished_steps import find_unfinished_steps
from retab_mcp.analysis.time_account.run_time import RunTime, run_time
from retab_mcp.digest.spoken_times import spoken_ms
from retab_mcp.models import Artifact, FindingKind, Review, Run, Status, StepSummary
from retab_mcp.queries.failed_records import payloads_in_loops
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.over_steps import over_steps
from retab_mcp.queries.restart_facts import restart_of_stuck
from retab_mcp.queries.review_waits import reviews_of_long_run
from retab_mcp.queries.run_facts import Explanation
from retab_mcp.queries.usual_duration import usual_duration

# Requests left for what explains the failure itself.
RESERVED_REQUESTS = 2


async def with_surroundings(inspector: Inspector, found: Explanation) -> Explanation:
    """Return the explanation with other failures, unfinished steps and what its time went into."""
    run, steps = found.run, found.read.steps
    artifacts = _kept_artifacts(inspector, steps)
    failed = [step for step in steps if step.status == Status.ERROR]
    others = None
    if found.cause is not None:
        payloads = await payloads_in_loops(inspector, run, failed)
        judging = partial(other_failures, found.cause, steps, artifacts, payloads)
        others = await over_steps(steps, judging)
    now = inspector.now()
    reviews = found.reviews or await _reviews(inspector, run)
    time = None
    if found.read.complete:
        time = await over_steps(steps, partial(run_time, run, steps, reviews, artifacts, now))
    findings = await _judged_slow(inspector, run, _without_waiting(found.findings, time), time)
    findings += find_unfinished_steps(run, steps)
    stuck = await _stuck(inspector, run, steps)
    if stuck:
        found = replace(found, restart=await restart_of_stuck(inspector, found))
    findings = worst_first([*findings, *stuck])
    return replace(found, others=others, findings=tuple(findings), time=time)


def _without_waiting(findings: Sequence[Finding], time: RunTime | None) -> list[Finding]:
    """Leave out a slow step where a person took the time and the server does not say in which."""
    is_waiting = time is not None and time.review_ms > time.active_ms
    return [one for one in findings if not (is_waiting and one.kind == FindingKind.SLOW_STEP)]


async def _judged_slow(
    inspector: Inspector, run: Run, findings: list[Finding], time: RunTime | None
) -> list[Finding]:
    """Judge a slow step by how long other runs took: what is usual is no finding."""
    slow = [one for one in findings if one.kind == FindingKind.SLOW_STEP]
    usual = await usual_duration(inspector, run) if slow and time is not None else None
    if time is None or usual is None:
        return findings
    if not usual.is_exceeded_by(time.total_ms - time.review_ms):
        return [one for one in findings if one not in slow]
    said = f"; completed runs usually take {spoken_ms(usual.ms)} (median of {usual.runs})"
    return [replace(one, message=one.message + said) if one in slow else one for one in findings]


async def _stuck(inspector: Inspector, run: Run, steps: tuple[StepSummary, ...]) -> list[Finding]:
    """Judge if an unfinished run is stuck, by how long other runs took."""
    now = inspector.now()
    idle = idle_ms(run, steps, now)
    if idle is None or idle < WORTH_ASKING_MS:
        return []
    found = await usual_duration(inspector, run)
    return find_stuck(run, steps, now, Usual(found.ms, found.later) if found is not None else None)


def _kept_artifacts(inspector: Inspector, steps: tuple[StepSummary, ...]) -> dict[str, Artifact]:
    found = {}
    for step in steps:
        artifact = inspector.kept.artifact(step.artifact.id) if step.artifact is not None else None
        if artifact is not None:
            found[step.step_id] = artifact
    return found


async def _reviews(inspector: Inspector, run: Run) -> tuple[Review, ...]:
    """Return the reviews of a long run that failed or was cancelled; a gap is not worth a word."""
    ended_badly = run.status in (Status.ERROR, Status.CANCELLED)
    if not ended_badly or inspector.api.limits.left < RESERVED_REQUESTS:
        return ()
    return await reviews_of_long_run(inspector, run, [])
