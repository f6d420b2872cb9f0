"""search_run: where a text or value occurs in a run, in execution order."""

from functools import partial
from typing import Any

from retab_mcp.analysis.search.search_matches import MAX_ITERATIONS, Match
from retab_mcp.analysis.search.search_query import QueryError, SearchQuery
from retab_mcp.analysis.summary import short
from retab_mcp.answers.common.answer import NextCall, Part, Truncated
from retab_mcp.answers.common.calls import read_artifact, read_step
from retab_mcp.answers.common.rows_answer import SPARE_ROWS, RowsAnswer, fitting
from retab_mcp.answers.common.step_names import name_of
from retab_mcp.models import ErrorKind, Json
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.ids import RUN, read_id
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.run_search import Searched, search
from retab_mcp.tools.search_run import MATCH_ROWS, SearchRun

# Estimated tokens of the matches in one answer; LONG_ if the caller asked for more than the
# default.
ROWS_BUDGET = 1300
LONG_ROWS_BUDGET = 6000
# Maximum places whose matches are counted.
MAX_PLACES = 10
# Tokens of the value of a key.
VALUE_TOKENS = 20
# Marks where an excerpt was cut.
CUT = "…"


class MatchRow(Part):
    """A match, in `count` rows of an array or iterations; without step_id it is in the run itself.

    `iterations_from_0` are the first iterations of the loop with this match, `iterations` counts
    them if not all are named. `value` is the value of a key. `hidden` names the invisible
    characters that were removed from the text.
    """

    step_id: str | None = None
    block_id: str | None = None
    type: str | None = None
    label: str | None = None
    iterations_from_0: list[int] = []
    iterations: int | None = None
    artifact: str | None = None
    path: str
    key: bool | None = None
    match: str
    value: Json = None
    hidden: list[str] = []
    count: int | None = None

    def _keeps(self, name: str) -> bool:
        # A null under the key that was searched for may be the cause.
        return name == "value" and self.key is True


class SearchedPart(Part):
    """The number of steps and artifacts searched."""

    steps: int
    artifacts: int


class SearchRunAnswer(RowsAnswer):
    """The matches, their number in each place, and what was searched."""

    run_id: str
    status: str
    total: int | None = None
    at_least: int | None = None
    searched: SearchedPart
    places: dict[str, int] = {}
    matches: list[MatchRow] = []

    def _keeps(self, name: str) -> bool:
        # "No match" is an answer too.
        return name == "matches" or super()._keeps(name)


async def search_run(inspector: Inspector, request: SearchRun) -> SearchRunAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    asked = _read(request.query, request.pattern)
    run = await inspector.run(read_id(request.run_id, RUN))
    question: dict[str, Json] = {
        "run_id": run.id,
        "query": request.query,
        "pattern": request.pattern,
        "limit": request.limit,
    }
    start = inspector.cursors.start(request.cursor, question)
    found = await search(inspector, run, asked)
    total = sum(found.places.values())
    cut = partial(_truncated, inspector, question, found, start)
    shown = fitting(
        [_row(each, run.id) for each in found.matches[start : start + request.limit + SPARE_ROWS]],
        ROWS_BUDGET if request.limit <= MATCH_ROWS else LONG_ROWS_BUDGET,
        limit=request.limit,
        left=len(found.matches) - start,
        cut=cut,
    )
    answer = SearchRunAnswer(
        run_id=run.id,
        status=run.status,
        total=None if found.gaps else total,
        at_least=total if found.gaps else None,
        searched=SearchedPart(steps=found.steps, artifacts=found.artifacts),
        places=_places(found),
        matches=shown,
        truncated=cut(len(shown)),
        next_calls=_next_calls(run.id, found.matches[start : start + 1]),
    )
    answer._asked_for_many = request.limit > MATCH_ROWS
    return answer


def _read(query: str, pattern: str) -> SearchQuery:
    try:
        return SearchQuery(query, pattern)
    except QueryError as error:
        raise QuestionError(ErrorKind.INVALID_ARGUMENT, str(error)) from None


def _places(found: Searched) -> dict[str, int]:
    """Return the matches by place, most frequent first, those of further places as one."""
    if len(found.matches) < 2:
        return {}
    ranked = sorted(found.places.items(), key=lambda place: -place[1])
    shown = dict(ranked[:MAX_PLACES])
    rest = sum(count for _, count in ranked[MAX_PLACES:])
    return {**shown, "other": rest} if rest else shown


def _row(match: Match, run_id: str) -> MatchRow:
    fields: dict[str, Any] = {}
    if match.step is not None:
        name = name_of(match.step, run_id)
        fields = {
            "step_id": name["step_id"],
            "block_id": name["block_id"],
            "type": match.step.type,
            "label": name["label"],
            "iterations_from_0": list(match.iterations[:MAX_ITERATIONS]),
            "iterations": many if (many := len(match.iterations)) > MAX_ITERATIONS else None,
        }
    ref = match.artifact
    return MatchRow(
        **fields,
        artifact=":".join(filter(None, (ref.operation, ref.id))) if ref else None,
        path=match.path,
        key=match.is_key or None,
        match=match.excerpt,
        value=short(match.value, VALUE_TOKENS) if match.is_key else None,
        hidden=list(match.hidden),
        count=match.count if match.count > 1 else None,
    )


def _truncated(
    inspector: Inspector, question: dict[str, Json], found: Searched, start: int, shown: int
) -> Truncated | None:
    end, total = start + shown, len(found.matches)
    following = None
    if end < total:
        arguments = {name: value for name, value in question.items() if value}
        arguments["cursor"] = inspector.cursors.write(end, question)
        following = NextCall(tool="search_run", arguments=arguments)
    if end >= total and not found.gaps:
        return None
    return Truncated(
        shown=shown,
        total=None if found.gaps else total,
        at_least=total if found.gaps else None,
        unit="rows",
        why=f"not searched: {'; '.join(found.gaps)}" if found.gaps else None,
        next=following,
    )


def _next_calls(run_id: str, first: list[Match]) -> list[NextCall]:
    """Suggest reading the first match in full if this answer shows only a part of it."""
    for match in first:
        if not match.is_key and CUT not in match.excerpt:
            return []
        if match.artifact is not None:
            return [read_artifact(match.artifact, path=match.path)]
        if match.step is not None:
            return [read_step(run_id, match.step.step_id, path=match.path)]
    return []
