"""find_failures: what went wrong in the runs of a window, grouped."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import Field

from retab_mcp.digest.text import clip
from retab_mcp.insight.failure_groups import FailureGroup
from retab_mcp.inspector import failures
from retab_mcp.inspector.errors import QuestionError
from retab_mcp.inspector.failures import FailuresFound, Window
from retab_mcp.inspector.ids import WORKFLOW, read_optional_id
from retab_mcp.inspector.inspector import Inspector
from retab_mcp.tools.answer import Answer, NextCall, Part, Truncated
from retab_mcp.tools.days import read_day
from retab_mcp.tools.parameters import ToDate, WorkflowFilter
from retab_mcp.tools.rows import fitting

DEFAULT_DAYS = 7
MAX_DAYS = 90
DEFAULT_LIMIT = 10
MAX_LIMIT = 50
# Tokens of the groups of one answer, by estimate, as in list_runs.
GROUPS_BUDGET = 1500
LONG_GROUPS_BUDGET = 6000
MESSAGE_TOKENS = 60
_SHARE_DIGITS = 4

DESCRIPTION = """\
Failures of a workflow's runs (or all runs) over some days, grouped by block, kind of failure and \
message (ids, numbers and quotes aside): how many, share of all runs, first and last seen, rising \
or falling, an example run. Use it for what goes wrong most or since when; for one run get_run, \
for runs one by one list_runs."""


class FailureRow(Part):
    """Failures of one kind; `message` is the newest one's."""

    workflow_id: str | None = None
    block_id: str | None = None
    label: str | None = None
    type: str | None = None
    kind: str
    message: str
    runs: int
    failures: int | None = None
    share: float | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    trend: str | None = None
    example_run_id: str


class FindFailuresAnswer(Answer):
    """The groups, those of most runs first. Shares are of all runs, from 0 to 1."""

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


async def find_failures(
    inspector: Inspector,
    workflow_id: WorkflowFilter = "",
    days: Annotated[
        int, Field(description="Days up to to_date, that one included.", ge=1, le=MAX_DAYS)
    ] = DEFAULT_DAYS,
    to_date: ToDate = "",
    limit: Annotated[int, Field(description="Rows at most.", ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> FindFailuresAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    workflow = read_optional_id(workflow_id, WORKFLOW)
    window = _window(inspector.now(), read_day("to_date", to_date), days)
    found = await failures.find_failures(inspector.api, workflow, window)
    workflow = workflow or _common_workflow(found)
    rows = fitting(
        [_row(group, workflow, found) for group in found.groups[:limit]],
        GROUPS_BUDGET if limit <= DEFAULT_LIMIT else LONG_GROUPS_BUDGET,
    )
    arguments = {"workflow_id": workflow_id, "days": days, "to_date": to_date, "limit": limit}
    return FindFailuresAnswer(
        workflow_id=workflow or None,
        from_date=window.first.isoformat(),
        to_date=window.last.isoformat(),
        runs=found.runs if found.counted else None,
        runs_at_least=None if found.counted else found.runs,
        failed_runs=found.failed_runs,
        failed_share=_share(found.failed_runs, found),
        groups=rows,
        truncated=_truncated(found, len(rows), window, arguments),
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
        raise QuestionError("invalid_argument", "to_date lies out of all range.") from None
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
        runs=group.runs,
        failures=group.count if group.count != group.runs else None,
        share=_share(group.runs, found),
        first_seen=group.first_seen if group.first_seen != group.last_seen else None,
        last_seen=group.last_seen,
        trend=group.trend,
        example_run_id=latest.run_id,
    )


def _share(runs: int, found: FailuresFound) -> float | None:
    """Return the share of all runs; None where these, or the failed ones, are not all known."""
    if not found.counted or found.more or not found.runs:
        return None
    return round(runs / found.runs, _SHARE_DIGITS)


def _truncated(
    found: FailuresFound, shown: int, window: Window, arguments: dict[str, Any]
) -> Truncated | None:
    if shown == len(found.groups) and not found.gaps and not found.more:
        return None
    following = None
    if found.more and found.oldest and found.oldest > window.first:
        days = (found.oldest - window.first).days + 1
        following = {**arguments, "to_date": found.oldest.isoformat(), "days": days}
    elif shown < len(found.groups) and arguments["limit"] < MAX_LIMIT:
        following = {**arguments, "limit": MAX_LIMIT}
    reasons = list(found.gaps)
    if found.more:
        reasons.insert(0, f"only the newest {found.failed_runs} failed runs were looked at")
    return Truncated(
        shown=shown,
        total=None if found.more else len(found.groups),
        at_least=len(found.groups) if found.more else None,
        unit="groups",
        why="; ".join(reasons) or None,
        next=_call(following) if following else None,
    )


def _call(arguments: dict[str, Any]) -> NextCall:
    given = {name: value for name, value in arguments.items() if value}
    return NextCall(tool="find_failures", arguments=given)
