"""What to fetch for each question about a run, and how to find what was asked for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from retab_mcp.models import (
    Artifact,
    ErrorKind,
    ExperimentJob,
    Graph,
    Review,
    Run,
    Step,
    StepSummary,
)
from retab_mcp.queries.cursor import CursorCodec
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.run_cache import CachedRun, CallerRunCache
from retab_mcp.queries.run_facts import Explanation, StepsRead
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.step_pages import StepPage


@dataclass(frozen=True)
class Surroundings:
    """What a call needs besides Retab: the time of day in UTC, sleep, and a way to report how
    far it is (how far, how far in all, a sentence)."""

    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    report_progress: Callable[[float, float, str], Awaitable[None]]


class Inspector:
    """Answers the questions of one call: its deadline and its credential are in `api`.

    Questions that fill a file of their own take the inspector and reach `api` through it.
    """

    def __init__(
        self, api: RetabApi, cache: CallerRunCache, cursors: CursorCodec, surroundings: Surroundings
    ) -> None:
        self.api = api
        self.cursors = cursors
        self.now = surroundings.now
        self.sleep = surroundings.sleep
        self.report_progress = surroundings.report_progress
        self._cache = cache

    async def run(self, run_id: str) -> Run:
        """Return the run. Raises RetabError, QuestionError (not_found)."""
        cached = self._cache.get(run_id)
        if cached is not None:
            return cached.run
        try:
            run = await self.api.get_run(run_id)
        except RetabError as error:
            raise _named(error, f"There is no run {run_id} for this API key.") from error
        self._cache.put(CachedRun(run))
        return run

    async def steps(self, run: Run, *, embedded: bool = False) -> StepsRead:
        """Return the summaries of all steps of `run`, in the order of the API.

        `embedded` is content with the step list inside the run where there is one (g1, g2a): it
        lacks artifact refs and retries, and costs no request. When reading ends early, at the
        deadline or by an error, what was read until then is returned.
        """
        if embedded and run.steps:
            return StepsRead(run.steps)
        cached = self._cache.get(run.id)
        if cached is not None and cached.steps is not None:
            return StepsRead(cached.steps)
        found: list[StepSummary] = []
        why = None
        try:
            async for page in self.api.step_pages(run):
                found.extend(step.summary for step in page.steps)
                why = why or _gap(page)
        except RetabError as error:
            if not found:
                raise
            why = error.message
        if why is None:
            self._cache.put(CachedRun(run, tuple(found)))
        return StepsRead(tuple(found), why)

    def cached_steps(self, run: Run) -> tuple[StepSummary, ...]:
        """Return all steps of a finished run if they were read lately, else none."""
        cached = self._cache.get(run.id)
        return (cached.steps if cached else None) or ()

    def cached_explanation(self, run: Run) -> Explanation | None:
        """Return why a finished run is as it is, where that was found out lately."""
        cached = self._cache.get(run.id)
        return cached.explanation if cached else None

    def cache_explanation(self, explanation: Explanation) -> None:
        """Keep why a run is as it is, if the run is finished."""
        run = explanation.run
        cached = self._cache.get(run.id) or CachedRun(run)
        self._cache.put(replace(cached, explanation=explanation))

    async def payload(self, run: Run, summary: StepSummary) -> Step:
        """Return a step that is known, with its payload. Raises RetabError."""
        return await self.api.get_step(run, summary.step_id, block_id=summary.block_id)

    async def graph(self, run: Run) -> Graph:
        """Return the graph that the run executed. Raises RetabError."""
        return await self.api.get_workflow_graph(run)

    async def reviews(self, run: Run) -> tuple[Review, ...]:
        """Return the reviews of the run, waiting and decided. Raises RetabError."""
        return (await self.api.list_reviews(run)).reviews

    async def artifact(
        self, artifact_id: str, operation: str = "", generation: str = ""
    ) -> Artifact:
        """Return the artifact; `generation` is that of the run which refers to it, where known.

        Raises RetabError, QuestionError (not_found).
        """
        try:
            return await self.api.get_artifact(artifact_id, operation or None, generation or None)
        except RetabError as error:
            raise _named(error, f"There is no artifact {artifact_id} for this API key.") from error

    async def experiment_job(
        self, run_id: str, document_id: str, workflow_id: str, experiment_id: str
    ) -> ExperimentJob:
        """Return the job of one document. Raises RetabError, QuestionError (not_found)."""
        try:
            return await self.api.get_experiment_job(
                run_id, document_id, workflow_id or None, experiment_id or None
            )
        except RetabError as error:
            message = f"Experiment run {run_id} has no document {document_id} for this API key."
            raise _named(error, message) from error


def _gap(page: StepPage) -> str | None:
    if page.unread:
        return f"{page.unread} steps could not be read: each is too large, or unreadable"
    if page.may_be_incomplete:
        return "this Retab server does not say whether there are more"
    return None


def _named(error: RetabError, message: str) -> Exception:
    """Say what was not found, where that is what the error is about."""
    return (
        QuestionError(ErrorKind.NOT_FOUND, message) if error.kind == ErrorKind.NOT_FOUND else error
    )
