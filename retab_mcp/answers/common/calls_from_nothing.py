"""Suggest what to ask after a list without rows."""

from collections.abc import Mapping
from typing import Any

from retab_mcp.answers.common.answer import NextCall
from retab_mcp.models import Run

_OF_RUNS = ("workflow_id", "status", "trigger", "metadata", "id_prefix")
_DATES = ("days", "from_date", "to_date")


def calls_from_no_runs(question: Mapping[str, Any], newest: Run | None) -> list[NextCall]:
    """Suggest the same list on all days, or the list without its other filters."""
    kept = {name: question[name] for name in _OF_RUNS if question[name]}
    if any(question[name] for name in _DATES):
        return [NextCall(tool="list_runs", arguments=kept, reason="the same on all days")]
    workflow = {"workflow_id": question["workflow_id"]} if question["workflow_id"] else {}
    if newest is not None:
        return [NextCall(tool="list_runs", arguments=workflow, reason="without the other filters")]
    return [NextCall(tool="list_runs", arguments={}, reason="all workflows")] if workflow else []


def calls_from_no_steps(question: Mapping[str, Any]) -> list[NextCall]:
    """Suggest the list of steps without its filters."""
    if not any(question[name] for name in ("status", "block_type", "block_id")):
        return []
    arguments = {"run_id": question["run_id"]}
    return [NextCall(tool="list_steps", arguments=arguments, reason="all steps of the run")]
