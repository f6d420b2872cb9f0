"""Show what the other runs of a workflow say about one run."""

from datetime import datetime

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.configuration.advice import READS_DOCUMENTS
from retab_mcp.analysis.history import BY_RECORD, GoodRun, RelatedRun, RunHistory, is_restart
from retab_mcp.answers.common.answer import NextCall, Part
from retab_mcp.answers.common.common_part import CommonPart, common_parts
from retab_mcp.models import FailureKind, Json, Run, Status

# Maximum calls that an answer suggests.
_MAX_CALLS = 3
# What the failed runs have in common: the surest explains the others.
MAX_IN_COMMON = 2
# What happens to any version, inputs and configuration: a run that worked explains nothing.
_BY_CHANCE = frozenset(
    {
        *(FailureKind.CREDITS_EXHAUSTED, FailureKind.RATE_LIMITED, FailureKind.CALLED_API_DOWN),
        *(FailureKind.TIMEOUT, FailureKind.STORAGE),
        *(FailureKind.CANCELLED, FailureKind.WAITING_FOR_REVIEW),
    }
)


class GoodRunPart(Part):
    """The completed run to compare with; `trigger` is set if it differs."""

    run_id: str
    created_at: datetime | None = None
    same_inputs: bool | None = None
    trigger: str | None = None
    version_changed: bool | None = None


class RelatedRunPart(Part):
    """A run that repeats this one or that this one repeats."""

    run_id: str
    status: str | None = None
    found_by: str | None = None
    restarts: int | None = None


class HistoryPart(Part):
    """The other runs of the workflow that were read: how many failed, and how many like this one.

    `same_failure` counts those whose failed step and message are the same up to ids, numbers and
    the like, as find_failures groups them. `by_own_words` counts the failed runs of which only
    what they report was compared. The times include the run itself; `good_since` counts the runs
    that completed after `last_seen`, or after this run. `in_common` is what the runs with this
    failure have and those that completed lack.
    """

    other_runs: int | None = None
    failed: int | None = None
    same_failure: int | None = None
    by_own_words: int | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    good_since: int | None = None
    in_common: list[CommonPart] = []
    last_good: GoodRunPart | None = None
    next_good: GoodRunPart | None = None
    restart_of: RelatedRunPart | None = None
    restarted_as: RelatedRunPart | None = None
    same_inputs_later: RelatedRunPart | None = None


def history_part(run: Run, history: RunHistory | None) -> HistoryPart | None:
    """Return the history of a run; of a run that completed only the run that it restarted."""
    if history is None:
        return None
    if run.status == Status.COMPLETED:
        return HistoryPart(restart_of=_related(history.restart_of))
    good = _good(history.good)
    is_later = history.good is not None and history.good.later
    return HistoryPart(
        other_runs=history.other_runs,
        failed=history.failed if history.other_runs else None,
        same_failure=history.same_failure if history.other_runs else None,
        by_own_words=history.by_own_words or None,
        first_seen=history.first_seen,
        last_seen=history.last_seen if history.last_seen != run.created_at else None,
        good_since=history.good_since or None,
        in_common=common_parts(history.in_common[:MAX_IN_COMMON]),
        last_good=None if is_later else good,
        next_good=good if is_later else _later_good(history.next_good),
        restart_of=_related(history.restart_of),
        restarted_as=_related(history.restarted_as),
        same_inputs_later=_related(history.later),
    )


def with_history_calls(
    calls: list[NextCall], run: Run, history: RunHistory | None, cause: RootCause | None = None
) -> list[NextCall]:
    """Return at most three calls: `calls`, and what the history of such a failure suggests."""
    mine = _calls(run, history, cause) if history is not None else []
    return [*calls[: _MAX_CALLS - len(mine)], *mine]


def _calls(run: Run, history: RunHistory, cause: RootCause | None) -> list[NextCall]:
    """Suggest a comparison with the good run, and the list that may hold the restarted run."""
    calls = []
    good = history.good
    if good is not None and run.status != Status.COMPLETED and _may_explain(good, cause):
        arguments: dict[str, Json] = {"run_id": run.id, "other_run_id": good.run_id}
        reason = "the next run that worked" if good.later else "what changed since it last worked"
        calls.append(NextCall(tool="compare_runs", arguments=arguments, reason=reason))
    if is_restart(run) and history.restart_of is None and run.created_at is not None:
        day = run.created_at.date().isoformat()
        arguments = {"workflow_id": run.workflow_id, "to_date": day}
        reason = "Retab does not say which run this one restarted"
        calls.append(NextCall(tool="list_runs", arguments=arguments, reason=reason))
    return calls


def _may_explain(good: GoodRun, cause: RootCause | None) -> bool:
    """Return whether a run that worked can show why the other failed.

    That another document was read well, in the same version, says nothing about this document.
    """
    if cause is None:
        return True
    step = cause.step
    of_document = cause.kind == FailureKind.DOCUMENT_UNREADABLE or (
        cause.kind == FailureKind.SCHEMA_VIOLATION
        and step is not None
        and step.type in READS_DOCUMENTS
    )
    if of_document and good.version_changed is False and not good.same_inputs:
        return False
    return cause.kind not in _BY_CHANCE


def _good(good: GoodRun | None) -> GoodRunPart | None:
    if good is None:
        return None
    return GoodRunPart(
        run_id=good.run_id,
        created_at=good.created_at,
        same_inputs=good.same_inputs or None,
        trigger=None if good.same_trigger else good.trigger,
        version_changed=good.version_changed,
    )


def _later_good(good: GoodRun | None) -> GoodRunPart | None:
    """Return a run that shows that the failure passed; the same version is no news."""
    part = _good(good)
    return (
        part.model_copy(update={"version_changed": part.version_changed or None}) if part else None
    )


def _related(related: RelatedRun | None) -> RelatedRunPart | None:
    if related is None:
        return None
    return RelatedRunPart(
        run_id=related.run_id,
        status=related.status,
        found_by=related.found_by if related.found_by != BY_RECORD else None,
        restarts=related.count if related.count > 1 else None,
    )
