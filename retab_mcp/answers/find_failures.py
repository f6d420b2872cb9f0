"""find_failures: the failures in a window of days, grouped."""

from datetime import datetime
from functools import partial
from typing import Any

from retab_mcp.analysis.failures.failure_onset import DayCount, VersionRate
from retab_mcp.answers.common.answer import Answer, NextCall, Part, Truncated
from retab_mcp.answers.common.arguments import split_words
from retab_mcp.answers.common.common_part import CommonPart, common_parts
from retab_mcp.answers.common.days import read_day
from retab_mcp.answers.common.failure_calls import calls_elsewhere, calls_to_groups
from retab_mcp.answers.common.rows_answer import fitting
from retab_mcp.digest.text import clip
from retab_mcp.models import ErrorKind, Status, normal_status
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.failed_runs import FailuresFound, GroupFound, collect_failures
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.window import Window, read_window, read_zone
from retab_mcp.queries.workflow_lookup import find_workflow, newest_run
from retab_mcp.tools.find_failures import MAX_FAILURE_DAYS, FindFailures

# Estimated tokens of the groups in one answer, as in list_runs: about ten groups.
GROUPS_BUDGET = 1200
MESSAGE_TOKENS = 60
# One of the values by which the messages of a group differ, and how many of them are listed.
VALUE_TOKENS = 20
MAX_VALUES = 5
# Maximum days listed, the newest; the groups say when each failure began and stopped.
MAX_DAYS = 14
MAX_CHANGED_BLOCKS = 5
MAX_IN_COMMON = 3
_SHARE_DIGITS = 4
DEFAULT_STATUSES: tuple[str, ...] = (Status.ERROR,)
# Runs with these statuses have a cause: a failure, a cancellation, or a review that is due.
GROUPED_STATUSES = (Status.ERROR, Status.CANCELLED, Status.AWAITING_REVIEW)


class ValuePart(Part):
    """A quoted value that the messages of some failures have."""

    value: str
    failures: int
    first_seen: datetime | None = None


class VersionPart(Part):
    """A version of the workflow, its runs in the window, and how many had the failure."""

    id: str
    runs: int
    failed: int


class SampledPart(Part):
    """The one cause of the `runs` that were examined of those that report the group's message."""

    runs: int
    block_id: str | None = None
    kind: str
    message: str
    run_id: str


class FailureRow(Part):
    """A group of failures; `message` is that of the newest.

    `share` is of all runs of the same workflow, `rate_since` of those since the first failure.
    `in_common` is what all runs of the group have and completed runs lack.
    `began_on` follows `runs_before` runs without the failure, `stopped_on` precedes `runs_after`
    such runs. The versions are those in use before and at the first failure, if they differ.

    `values` are the most frequent quoted values by which the messages differ, of `values_total`.
    `by_own_words` counts the runs whose records were not read, so that they are grouped by what
    they report: get_run may name another cause. `sampled_cause` is that of those that were read.
    `with_other_cause` counts the runs whose root cause is another failure, independent of this one.
    `survived` says that the step's last attempt passed, so it did not fail the run.
    """

    workflow_id: str | None = None
    block_id: str | None = None
    label: str | None = None
    type: str | None = None
    kind: str
    message: str
    values: list[ValuePart] = []
    values_total: int | None = None
    survived: str | None = None
    runs: int
    by_own_words: int | None = None
    sampled_cause: SampledPart | None = None
    with_other_cause: int | None = None
    failures: int | None = None
    share: float | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    began_on: str | None = None
    runs_before: int | None = None
    rate_since: float | None = None
    stopped_on: str | None = None
    runs_after: int | None = None
    version_before: VersionPart | None = None
    version_after: VersionPart | None = None
    changed_blocks: list[str] = []
    in_common: list[CommonPart] = []
    trend: str | None = None
    example_run_id: str
    example_link: str | None = None


class NewestRun(Part):
    """The newest run of the workflow, in an answer about days without runs."""

    run_id: str
    created_at: datetime | None = None


class FindFailuresAnswer(Answer):
    """The groups, most runs first. Shares are from 0 to 1, and left out unless all is counted.

    `failed_per_day` has the newest days with runs: failed of all runs, or the failed ones read.
    """

    workflow_id: str | None = None
    from_date: str
    to_date: str
    time_zone: str | None = None
    runs: int | None = None
    runs_at_least: int | None = None
    failed_runs: int
    failed_share: float | None = None
    failed_per_day: dict[str, str] = {}
    newest_run: NewestRun | None = None
    groups: list[FailureRow] = []

    def _keeps(self, name: str) -> bool:
        # No failures is an answer too.
        return name == "groups" or super()._keeps(name)


async def find_failures(inspector: Inspector, request: FindFailures) -> FindFailuresAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    workflow = await find_workflow(inspector, request.workflow_id)
    window = _window(inspector, request)
    statuses = _statuses(request.status)
    # The days are part of the question, so that the next page is about the same ones.
    question = {
        "workflow_id": workflow,
        "status": ",".join(statuses) if statuses != DEFAULT_STATUSES else "",
        "from_date": window.first.isoformat(),
        "to_date": window.last.isoformat(),
        "time_zone": request.time_zone,
        "limit": request.limit,
    }
    start = inspector.cursors.start(request.cursor, question)
    found = await collect_failures(inspector, workflow, window, statuses)
    newest = await newest_run(inspector, workflow) if not found.runs else None
    common = workflow or _common_workflow(found)
    cut = partial(_truncated, inspector, found, start, window, question)
    rows = fitting(
        [_row(group, common, found, window, inspector) for group in found.groups[start:]],
        GROUPS_BUDGET,
        limit=request.limit,
        left=len(found.groups) - start,
        cut=cut,
    )
    return FindFailuresAnswer(
        workflow_id=common or None,
        from_date=window.first.isoformat(),
        to_date=window.last.isoformat(),
        time_zone=request.time_zone.strip() or None,
        runs=found.runs if found.counted else None,
        runs_at_least=None if found.counted else found.runs,
        failed_runs=found.failed_runs,
        failed_share=_share(found.failed_runs, found),
        failed_per_day={
            each.day.isoformat(): _of_day(each, found) for each in found.days[-MAX_DAYS:]
        },
        newest_run=NewestRun(run_id=newest.id, created_at=newest.created_at) if newest else None,
        groups=rows,
        truncated=cut(len(rows)),
        next_calls=calls_to_groups(rows) or calls_elsewhere(question, window, found, newest),
    )


def _statuses(words: str) -> tuple[str, ...]:
    """Return the statuses asked for. Raises QuestionError for those of runs without a cause."""
    given = tuple(dict.fromkeys(normal_status(word) for word in split_words(words)))
    if any(word not in GROUPED_STATUSES for word in given):
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            "find_failures groups runs by what went wrong, so it takes only some statuses.",
            hint=f"Use {', '.join(GROUPED_STATUSES)}; list_runs lists runs of every status.",
        )
    return given or DEFAULT_STATUSES


def _window(inspector: Inspector, request: FindFailures) -> Window:
    window = read_window(
        inspector.now(),
        read_day("from_date", request.from_date),
        read_day("to_date", request.to_date),
        request.days,
        read_zone(request.time_zone),
    )
    if (window.last - window.first).days >= MAX_FAILURE_DAYS:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            f"from_date and to_date are more than {MAX_FAILURE_DAYS} days apart.",
        )
    return window


def _of_day(count: DayCount, found: FailuresFound) -> str:
    if found.counted:
        return f"{count.failed} of {count.runs}"
    return f"{count.failed} or more" if found.more else str(count.failed)


def _common_workflow(found: FailuresFound) -> str:
    workflows = {one.group.latest.workflow_id for one in found.groups}
    return (workflows.pop() or "") if len(workflows) == 1 else ""


def _row(
    one: GroupFound, workflow: str, found: FailuresFound, window: Window, inspector: Inspector
) -> FailureRow:
    group, latest = one.group, one.group.latest
    return FailureRow(
        workflow_id=latest.workflow_id if latest.workflow_id != workflow else None,
        block_id=latest.block_id,
        label=latest.label if latest.label != latest.block_id else None,
        type=latest.type,
        kind=latest.kind,
        message=clip(latest.message, MESSAGE_TOKENS),
        values=[
            ValuePart(
                value=clip(each.value, VALUE_TOKENS),
                failures=each.count,
                first_seen=each.first_seen,
            )
            for each in group.values[:MAX_VALUES]
        ],
        values_total=len(group.values) if len(group.values) > MAX_VALUES else None,
        survived=latest.survived,
        runs=group.runs,
        by_own_words=group.by_own_words or None,
        sampled_cause=_sampled(one),
        with_other_cause=group.other_cause or None,
        failures=group.count if group.count != group.runs else None,
        share=_share_of_workflow(one),
        first_seen=group.first_seen if group.first_seen != group.last_seen else None,
        last_seen=group.last_seen,
        **_onset(one, window),
        in_common=common_parts(one.in_common[:MAX_IN_COMMON]),
        trend=group.trend,
        example_run_id=latest.run_id,
        example_link=inspector.links.link(latest.run_id, latest.workflow_id),
    )


def _sampled(one: GroupFound) -> SampledPart | None:
    found = one.sampled
    if found is None:
        return None
    return SampledPart(
        runs=found.runs,
        block_id=found.block_id,
        kind=found.kind,
        message=clip(found.message, MESSAGE_TOKENS),
        run_id=found.run_id,
    )


def _onset(one: GroupFound, window: Window) -> dict[str, Any]:
    """Return the fields about when a failure began and stopped."""
    onset = one.onset
    if onset is None:
        return {}
    is_shorter = onset.began_at is not None or onset.stopped_at is not None
    return {
        "began_on": _on(onset.began_at, window),
        "runs_before": onset.runs_before or None,
        "rate_since": round(onset.rate_since, _SHARE_DIGITS) if is_shorter else None,
        "stopped_on": _on(onset.stopped_at, window),
        "runs_after": onset.runs_after or None,
        "version_before": _version(onset.before),
        "version_after": _version(onset.after),
        "changed_blocks": _changed_blocks(one),
    }


def _on(at: datetime | None, window: Window) -> str | None:
    return at.astimezone(window.zone).date().isoformat() if at is not None else None


def _version(rate: VersionRate | None) -> VersionPart | None:
    if rate is None:
        return None
    return VersionPart(id=rate.version_id, runs=rate.runs, failed=rate.failed)


def _changed_blocks(one: GroupFound) -> list[str]:
    changes = one.version_changes
    if changes is None:
        return []
    return [*changes.changed, *changes.added, *changes.removed][:MAX_CHANGED_BLOCKS]


def _share_of_workflow(one: GroupFound) -> float | None:
    onset = one.onset
    if onset is None:
        return None
    return round(onset.failing_runs / onset.workflow_runs, _SHARE_DIGITS)


def _share(runs: int, found: FailuresFound) -> float | None:
    """Return the share of all runs; None unless all runs and all failed runs were counted."""
    if not found.counted or found.more or not found.runs:
        return None
    return round(runs / found.runs, _SHARE_DIGITS)


def _truncated(
    inspector: Inspector,
    found: FailuresFound,
    start: int,
    window: Window,
    question: dict[str, Any],
    shown: int,
) -> Truncated | None:
    """Return what is missing; `next` leads to the other groups, then to older failures."""
    end, count = start + shown, len(found.groups)
    if end >= count and not found.gaps and not found.more:
        return None
    arguments = None
    if end < count:
        arguments = {**question, "cursor": inspector.cursors.write(end, question)}
    if arguments is None and found.more and found.oldest and found.oldest < window.last:
        arguments = {**question, "to_date": found.oldest.isoformat()}
    reasons = list(found.gaps)
    if found.more:
        reasons.insert(0, f"only {found.failed_runs} failed runs were read, from both ends of days")
    return Truncated(
        shown=shown,
        total=None if found.more else count,
        at_least=count if found.more else None,
        unit="groups",
        why="; ".join(reasons) or None,
        next=_call(arguments) if arguments else None,
    )


def _call(arguments: dict[str, Any]) -> NextCall:
    given = {name: value for name, value in arguments.items() if value}
    return NextCall(tool="find_failures", arguments=given)
