"""search_run: where a text or value occurs in a run."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from retab_mcp.tools.parameters import Cursor, RunId
from retab_mcp.tools.spec import ToolSpec

MATCH_ROWS, MAX_MATCH_ROWS = 15, 100


@dataclass(frozen=True, kw_only=True)
class SearchRun:
    """Arguments of search_run."""

    run_id: RunId
    query: Annotated[
        str,
        Field(
            description="Text to find, in any case, or null, true or false. Default: use pattern."
        ),
    ] = ""
    pattern: Annotated[
        str,
        Field(
            description="RE2 regular expression; ^ and $ match at line ends. Default: use query."
        ),
    ] = ""
    limit: Annotated[
        int,
        Field(
            description=f"Maximum rows (1-{MAX_MATCH_ROWS}, default {MATCH_ROWS}).",
            ge=1,
            le=MAX_MATCH_ROWS,
        ),
    ] = MATCH_ROWS
    cursor: Cursor = ""


TOOL = ToolSpec(
    name="search_run",
    title="Search a run",
    description="Find where a text or value occurs in a Retab run: its inputs, the payloads and "
    "messages of all steps, and their artifacts; values, numbers (as in JSON) and keys. The first "
    "match of each block comes first, in execution order, with the path that get_step or "
    "get_artifact takes. For one value's way from its origin, use trace_value.",
    arguments=SearchRun,
    answered_by="retab_mcp.answers.search_run:search_run",
)
