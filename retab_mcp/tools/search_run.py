"""search_run: where a text or value occurs in a run."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from retab_mcp.tools.parameters import Cursor, RunId
from retab_mcp.tools.spec import ToolSpec, search_hint

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
    description="Search a Retab run for text: whether and where a word, number or value occurs or "
    "appears anywhere in its inputs, in payloads and messages of steps, and in artifacts, also as "
    "a key. The first match of each block comes first, in execution order, with the path that "
    "get_step or get_artifact takes. For the way of one wrong value from its origin, use "
    "trace_value.",
    meta=search_hint("Retab run: find a text, number or value"),
    arguments=SearchRun,
    answered_by="retab_mcp.answers.search_run:search_run",
)
