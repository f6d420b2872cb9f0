"""find_failures: the failures in a window of days, grouped."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from retab_mcp.analysis.failure_groups import FailureGroup
from retab_mcp.answers.common.answer import Answer, NextCall, Part, Truncated
from retab_mcp.answers.common.days import read_day
from retab_mcp.answers.common.rows_answer import fitting
from retab_mcp.digest.text import clip
from retab_mcp.models import ErrorKind
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.failed_runs import FailuresFound, Window, collect_failures
from retab_mcp.queries.ids import WORKFLOW, read_optional_id
from retab_mcp.queries.inspector import Inspector
from retab_mcp.tools.find_failures import FindFailures

# Estimated tokens of the groups in one answer, as in list_runs: about ten groups.
GROUPS_BUDGET = 1200
MESSAGE_TOKENS = 60
# One of the values by which the messages of a group differ, and how many of them are listed.
VALUE_TOKENS = 20
MAX_VALUES = 5
_SHARE_DIGITS = 4


class ValuePart(Part):
    """A quoted value that the messages of some failures have."""

    value: str
    failures: int
    first_seen: datetime | None = None


class FailureRow(Part):
    """A group of failures; `message` is that of the newest.

    `values` are the most frequent quoted values by which the messages differ, of `values_total`.
    """

    workflow_id: str | None = None
    block_id: str | None = None
    label: str | None = None
    type: str | None = None
    kind: str
    message: str
    values: list[ValuePart] = []
    values_total: int | None = None
    runs: int
    failures: int | None = None
    share: float | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    trend: str | None = None
    example_run_id: str


class FindFailuresAnswer(Answer):
    """The groups, most runs first. Shares are of all runs, from 0 to 1."""

    workflow_id: str | None = None
    from_date: str
    to_date: str
    runs: int | None = None
    runs_at_least: int | None = None
    failed_runs: int
    failed_share: float | None = None
    groups: list[FailureRow] = []

    def _keeps(self, name: str) -> bool:
        # No failures is an answer too.
        return name == "groups" or super()._keeps(name)


async def find_failures(inspector: Inspector, request: FindFailures) -> FindFailuresAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    workflow = read_optional_id(request.workflow_id, WORKFLOW)
    window = _window(inspector.now(), read_day("to_date", request.to_date), request.days)
    # The day is part of the question, so that the next page is about the same days.
    question = {"workflow_id": workflow, "days": request.days, "to_date": window.last.isoformat()}
    start = int(inspector.cursors.read(request.cursor, question)) if request.cursor else 0
    found = await collect_failures(inspector.api, workflow, window)
    common = workflow or _common_workflow(found)
    cut = partial(_truncated, inspector, found, start, window, question)
    rows = fitting(
        [_row(group, common, found) for group in found.groups[start:]],
        GROUPS_BUDGET,
        left=len(found.groups) - start,
        cut=cut,
    )
    return FindFailuresAnswer(
        workflow_id=common or None,
        from_date=window.first.isoformat(),
        to_date=window.last.isoformat(),
        runs=found.runs if found.counted else None,
        runs_at_least=None if found.counted else found.runs,
        failed_runs=found.failed_runs,
        failed_share=_share(found.failed_runs, found),
        groups=rows,
        truncated=cut(len(rows)),
        next_calls=[
            NextCall(tool="get_run", arguments={"run_id": row.example_run_id}) for row in rows[:1]
        ],
    )


def _window(now: datetime, last: date | None, days: int) -> Window:
    today = now.astimezone(UTC).date()
    last = last or today
    try:
        first = last - timedelta(days=days - 1)
        end = datetime.combine(last + timedelta(days=1), time(), UTC)
    except OverflowError:
        raise QuestionError(ErrorKind.INVALID_ARGUMENT, "to_date is out of range.") from None
    return Window(first, last, now if last == today else end)


def _common_workflow(found: FailuresFound) -> str:
    workflows = {group.latest.workflow_id for group in found.groups}
    return (workflows.pop() or "") if len(workflows) == 1 else ""


def _row(group: FailureGroup, workflow: str, found: FailuresFound) -> FailureRow:
    latest = group.latest
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
        runs=group.runs,
        failures=group.count if group.count != group.runs else None,
        share=_share(group.runs, found),
        first_seen=group.first_seen if group.first_seen != group.last_seen else None,
        last_seen=group.last_seen,
        trend=group.trend,
        example_run_id=latest.run_id,
    )


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
        days = (found.oldest - window.first).days + 1
        to_date = found.oldest.isoformat()
        arguments = {"workflow_id": question["workflow_id"], "days": days, "to_date": to_date}
    reasons = list(found.gaps)
    if found.more:
        reasons.insert(0, f"only the newest {found.failed_runs} failed runs were read")
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
