"""Complete the id that a person is typing with ids from the API, the most recent first."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime

import anyio

from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.models import Run, StepSummary
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.ids import RUN, read_id
from retab_mcp.queries.inspector import Inspector
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.experiment_run_routes import ExperimentIds
from retab_mcp.retab.run_list import RunFilter

# A menu shows about this many, and a person waits about this long for it.
MAX_COMPLETIONS = 20
COMPLETION_SECONDS = 2.0
# Runs whose artifacts are listed if no run is named.
_RUNS_WITH_ARTIFACTS = 3
_NEVER = datetime.min.replace(tzinfo=UTC)

# Yields ids for a typed text, given the other arguments that are already filled in.
_Source = Callable[[Inspector, str, Mapping[str, str]], AsyncIterator[str]]


async def complete_id(
    inspector: Inspector, argument: str, typed: str, given: Mapping[str, str]
) -> list[str]:
    """Return at most MAX_COMPLETIONS ids for the argument of a prompt or resource.

    `typed` is the start of an id, or a part of a workflow's name; `given` holds the other
    arguments. An argument that is not an id has none. What was found is returned when
    COMPLETION_SECONDS have passed or the API fails, since a person can always type an id.
    """
    source = ID_SOURCES.get(argument)
    found: dict[str, None] = {}
    if source is None:
        return []
    try:
        with anyio.move_on_after(COMPLETION_SECONDS):
            async for each in source(inspector, typed.strip(), given):
                found[each] = None
                if len(found) == MAX_COMPLETIONS:
                    break
    except (RetabError, QuestionError):
        pass
    return list(found)


async def _runs(inspector: Inspector, typed: str, given: Mapping[str, str]) -> AsyncIterator[str]:
    for run in await _newest_runs(inspector, MAX_COMPLETIONS, typed):
        if run.id.startswith(typed) and run.id not in given.values():
            yield run.id


async def _steps(inspector: Inspector, typed: str, given: Mapping[str, str]) -> AsyncIterator[str]:
    if not given.get("run_id"):
        return
    run = await inspector.run(read_id(given["run_id"], RUN))
    async for step in _steps_of(inspector, run):
        name = short_step_id(step.step_id, run.id)
        if name.startswith(typed) or step.step_id.startswith(typed):
            yield name


async def _artifacts(
    inspector: Inspector, typed: str, given: Mapping[str, str]
) -> AsyncIterator[str]:
    for run in await _newest_runs(inspector, _RUNS_WITH_ARTIFACTS):
        async for step in _steps_of(inspector, run):
            if step.artifact is not None and step.artifact.id.startswith(typed):
                yield step.artifact.id


async def _workflows(
    inspector: Inspector, typed: str, given: Mapping[str, str]
) -> AsyncIterator[str]:
    part = typed.casefold()
    for workflow_id, name in (await inspector.api.list_workflows()).items():
        if workflow_id.startswith(typed) or part in name.casefold():
            yield workflow_id


async def _experiment_runs(
    inspector: Inspector, typed: str, given: Mapping[str, str]
) -> AsyncIterator[str]:
    for run in await inspector.api.list_experiment_runs(ExperimentIds("", "", "")):
        if run.id.startswith(typed) and run.id not in given.values():
            yield run.id


async def _newest_runs(inspector: Inspector, limit: int, typed: str = "") -> tuple[Run, ...]:
    page = await inspector.api.list_runs(RunFilter(search=typed), limit=limit)
    return page.runs


async def _steps_of(inspector: Inspector, run: Run) -> AsyncIterator[StepSummary]:
    """Yield the steps page by page, those of a page that started last first."""
    async for page in inspector.api.step_pages(run):
        for step in sorted((each.summary for each in page.steps), key=_start, reverse=True):
            yield step


def _start(step: StepSummary) -> datetime:
    return step.started_at or _NEVER


ID_SOURCES: Mapping[str, _Source] = {
    "run_id": _runs,
    "other_run_id": _runs,
    "step_id": _steps,
    "artifact_id": _artifacts,
    "workflow_id": _workflows,
    "experiment_run_id": _experiment_runs,
    "compare_to": _experiment_runs,
}
