"""Questions that take several calls of a tool."""

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from retab_mcp.cli.asking import Answered, Ask, ask_all
from retab_mcp.models.status import UNFINISHED
from retab_mcp.tools.get_run import MAX_WAIT_SECONDS

# Rows are steps outside of loops, so this is more than any workflow has blocks.
_MAX_ROWS = 2_000


def ask_until_finished(run: str, seconds: int) -> Answered:
    """Return get_run's answer about a run, after it ended or `seconds` later.

    A run that waits for a review is not waited for: a person has to act.
    """

    async def question(ask: Ask) -> Answered:
        end = time.monotonic() + seconds
        wait = min(seconds, MAX_WAIT_SECONDS)
        while True:
            answered = await ask("get_run", {"run_id": run, "wait_seconds": wait})
            left = int(end - time.monotonic())
            if answered.fields.get("status") not in UNFINISHED or left <= 0:
                return answered
            wait = min(left, MAX_WAIT_SECONDS)

    return ask_all(question)


def ask_for_all_pages(tool: str, arguments: Mapping[str, Any], rows_name: str) -> Answered:
    """Return the tool's answer with the rows of all pages, which are in its field `rows_name`."""

    async def question(ask: Ask) -> Answered:
        answered = await ask(tool, arguments)
        rows, page = list(answered.fields.get(rows_name, [])), answered
        while len(rows) < _MAX_ROWS:
            following = (page.fields.get("truncated") or {}).get("next")
            if not following or "cursor" not in following["arguments"]:
                break
            more = await ask(tool, following["arguments"])
            if more.failed:
                break
            page = more
            rows += page.fields[rows_name]
        if page is answered:
            return answered
        return _joined(answered, {rows_name: rows}, page.fields.get("truncated"))

    return ask_all(question)


def _joined(
    first: Answered, rows: dict[str, list[Any]], truncated: dict[str, Any] | None
) -> Answered:
    """Return the first page with the rows of all, and what the last one left out."""
    fields = {**first.fields, **rows}
    fields.pop("truncated")
    if truncated:
        shown = sum(map(len, rows.values()))
        fields["truncated"] = {**truncated, "shown": shown}
    return replace(first, text=json.dumps(fields, ensure_ascii=False), fields=fields)
