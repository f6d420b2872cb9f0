"""list_runs: the runs that match filters."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from retab_mcp.tools.parameters import Cursor, FromDate, Statuses, TimeZone, ToDate, WorkflowFilter
from retab_mcp.tools.spec import ToolSpec, search_hint

RUN_ROWS, MAX_RUN_ROWS = 20, 100


@dataclass(frozen=True, kw_only=True)
class ListRuns:
    """Arguments of list_runs."""

    workflow_id: WorkflowFilter = ""
    status: Statuses = ""
    trigger: Annotated[
        str, Field(description="Triggers, comma separated, such as api,schedule. Default: all.")
    ] = ""
    days: Annotated[
        int,
        Field(
            description="Number of days up to and including to_date (0-3650, default 0: no limit).",
            ge=0,
            le=3650,
        ),
    ] = 0
    from_date: FromDate = ""
    to_date: ToDate = ""
    time_zone: TimeZone = ""
    min_duration_ms: Annotated[
        int, Field(description="Minimum duration in ms (0 or more, default 0).", ge=0)
    ] = 0
    max_duration_ms: Annotated[
        int, Field(description="Maximum duration in ms (0 or more, default 0: no limit).", ge=0)
    ] = 0
    metadata: Annotated[
        str,
        Field(description="Metadata to match: key=value,key2=value2. Default: all."),
    ] = ""
    id_prefix: Annotated[
        str, Field(description="First characters of the run id. Default: all.")
    ] = ""
    limit: Annotated[
        int,
        Field(
            description=f"Maximum rows (1-{MAX_RUN_ROWS}, default {RUN_ROWS}).",
            ge=1,
            le=MAX_RUN_ROWS,
        ),
    ] = RUN_ROWS
    cursor: Cursor = ""


TOOL = ToolSpec(
    name="list_runs",
    title="List workflow runs",
    description="List Retab workflow runs, newest first, such as those of a day, still running, "
    "that ended in error, took long, are stuck, or are waiting for a person's review. Each row has "
    "the status, the duration and, for a failed run, the step and message of its cause. Use it to "
    "find the id of a run, such as the latest of a workflow. For failures grouped by cause, use "
    "find_failures; for why one run failed, get_run.",
    meta=search_hint("Retab runs: failed, stuck, slow, waiting for review"),
    arguments=ListRuns,
    answered_by="retab_mcp.answers.list_runs:list_runs",
)
