"""Suggest what to ask after the groups of failures, or after days without any."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from retab_mcp.answers.common.answer import NextCall
from retab_mcp.models import Json, Run
from retab_mcp.queries.failed_runs import FailuresFound
from retab_mcp.queries.window import Window
from retab_mcp.tools.find_failures import MAX_FAILURE_DAYS


class _Group(Protocol):
    example_run_id: str
    began_on: str | None


def calls_to_groups(rows: Sequence[_Group]) -> list[NextCall]:
    """Suggest the newest run of the first group and, if that began here, what changed then."""
    calls = []
    for row in rows[:1]:
        arguments: dict[str, Json] = {"run_id": row.example_run_id}
        calls.append(NextCall(tool="get_run", arguments=arguments))
        if row.began_on:
            reason = "what changed since it last worked"
            calls.append(NextCall(tool="compare_runs", arguments=arguments, reason=reason))
    return calls


def calls_elsewhere(
    question: Mapping[str, Json], window: Window, found: FailuresFound, newest: Run | None
) -> list[NextCall]:
    """Suggest where failures may be if the window has none: its newest run, or more days."""
    if found.failed_runs:
        return []
    kept = ("workflow_id", "status", "time_zone")
    same = {name: question[name] for name in kept if question[name]}
    if found.runs:
        arguments = {**same, "to_date": window.last.isoformat(), "days": MAX_FAILURE_DAYS}
        reason = "no run of these days failed"
        is_widest = (window.last - window.first).days + 1 >= MAX_FAILURE_DAYS
        call = NextCall(tool="find_failures", arguments=arguments, reason=reason)
        return [] if is_widest else [call]
    if newest is None:
        reason = "the runs of all workflows"
        return [NextCall(tool="list_runs", arguments={}, reason=reason)] if same else []
    calls = [NextCall(tool="get_run", arguments={"run_id": newest.id}, reason="the newest run")]
    if newest.created_at is not None:
        day = newest.created_at.astimezone(window.zone).date()
        arguments = {
            **same,
            "to_date": day.isoformat(),
            "days": (window.last - window.first).days + 1,
        }
        reason = "as many days up to the newest run"
        calls.append(NextCall(tool="find_failures", arguments=arguments, reason=reason))
    return calls
