"""find_failures: the failures of several days, grouped by cause."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from retab_mcp.tools.parameters import Cursor, FromDate, TimeZone, ToDate, WorkflowFilter
from retab_mcp.tools.spec import ToolSpec, search_hint

# A week shows a pattern; the runs of a quarter are the most that one call can read.
FAILURE_DAYS, MAX_FAILURE_DAYS = 7, 90
FAILURE_ROWS, MAX_FAILURE_ROWS = 20, 100


@dataclass(frozen=True, kw_only=True)
class FindFailures:
    """Arguments of find_failures."""

    workflow_id: WorkflowFilter = ""
    status: Annotated[
        str,
        Field(
            description="Statuses of the runs, comma separated: error, cancelled, awaiting_review. "
            "Default: error."
        ),
    ] = ""
    days: Annotated[
        int,
        Field(
            description="Number of days up to and including to_date "
            f"(1-{MAX_FAILURE_DAYS}, default {FAILURE_DAYS}).",
            ge=1,
            le=MAX_FAILURE_DAYS,
        ),
    ] = FAILURE_DAYS
    from_date: FromDate = ""
    to_date: ToDate = ""
    time_zone: TimeZone = ""
    limit: Annotated[
        int,
        Field(
            description=f"Maximum groups (1-{MAX_FAILURE_ROWS}, default {FAILURE_ROWS}).",
            ge=1,
            le=MAX_FAILURE_ROWS,
        ),
    ] = FAILURE_ROWS
    cursor: Cursor = ""


TOOL = ToolSpec(
    name="find_failures",
    title="Group failures by cause",
    description="Group the failed Retab runs of a workflow (or of all workflows) over several days "
    "by cause: what fails most, the most common errors, since when, how many runs failed per day. "
    "A group has its block, kind of failure and message, count, `share` of runs and an example "
    "run. It says when it began or stopped, `rate_since` then, the version that changed, and what "
    "only its runs have in common. For one run, use get_run; for runs one by one, list_runs.",
    meta=search_hint("Retab failures by cause, trend, since when"),
    arguments=FindFailures,
    answered_by="retab_mcp.answers.find_failures:find_failures",
)
