"""Fetch runs, steps, artifacts and experiment jobs for one call."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from retab_mcp.analysis.history import RunHistory
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
from retab_mcp.queries.experiment_reader import document_named
from retab_mcp.queries.ids import DOCUMENT
from retab_mcp.queries.kept_records import KeptRecords
from retab_mcp.queries.run_cache import CachedRun, CallerRunCache
from retab_mcp.queries.run_facts import Explanation, StepsRead
from retab_mcp.queries.run_links import CallerLinks
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.experiment_run_routes import ExperimentIds
from retab_mcp.retab.step_pages import StepPage
from retab_mcp.retab.usage import RunCredits


@dataclass(frozen=True)
class Surroundings:
    """What a call needs besides Retab: the current UTC time, sleep, a progress callback, and links.

    The callback takes the progress, the total and a sentence.
    """

    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    report_progress: Callable[[float, float, str], Awaitable[None]]
    links: CallerLinks


class Inspector:
    """Fetches what one call needs; `api` holds the call's deadline and credential.

    Larger queries have their own modules and take an inspector.
    """

    def __init__(
        self, api: RetabApi, cache: CallerRunCache, cursors: CursorCodec, surroundings: Surroundings
    ) -> None:
        self.api = api
        self.cursors = cursors
        self.now = surroundings.now
        self.sleep = surroundings.sleep
        self.report_progress = surroundings.report_progress
        self.links = surroundings.links
        self.kept = KeptRecords()
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

    async def steps(
        self,
        run: Run,
        *,
        embedded: bool = False,
        keep: Callable[[StepSummary], bool] | None = None,
    ) -> StepsRead:
        """Return the summaries of all steps of `run`, in the order of the API.

        With `embedded`, the steps inside the run are returned if it has them (g1, g2a): they cost
        no request, but lack artifact refs and retries. With `keep`, the list is read even
        if its steps are cached, and the steps that it chooses go to `kept` with their payloads. If
        the deadline or an error ends the reading early, the steps read so far are returned.
        """
        if embedded and run.steps:
            return StepsRead(run.steps)
        cached = self._cache.get(run.id)
        if cached is not None and cached.steps is not None and keep is None:
            return StepsRead(cached.steps)
        found: list[StepSummary] = []
        why = None
        try:
            async for page in self.api.step_pages(run):
                found.extend(step.summary for step in page.steps)
                if keep is not None:
                    self.kept.keep_steps(step for step in page.steps if keep(step.summary))
                why = why or _gap(page)
        except RetabError as error:
            if not found:
                raise
            why = error.message
        if why is None:
            self._cache.put(CachedRun(run, tuple(found)))
        return StepsRead(tuple(found), why)

    def cached_steps(self, run: Run) -> tuple[StepSummary, ...]:
        """Return all steps of a finished run from the cache, () if they are not in it."""
        cached = self._cache.get(run.id)
        return (cached.steps if cached else None) or ()

    def cached_loop_items(self, run: Run) -> Mapping[str, int] | None:
        """Return how many items the loops of a finished run got, None if it is not cached."""
        cached = self._cache.get(run.id)
        return cached.loop_items if cached else None

    def cache_loop_items(self, run: Run, items: Mapping[str, int]) -> None:
        """Cache how many items the loops of a run got, by step id, if the run is finished."""
        cached = self._cache.get(run.id) or CachedRun(run)
        self._cache.put(replace(cached, loop_items=items))

    def cached_credits(self, run: Run) -> RunCredits | None:
        """Return the credits of a finished run from the cache, None if they are not in it."""
        cached = self._cache.get(run.id)
        return cached.credits if cached else None

    def cache_credits(self, run: Run, credits: RunCredits) -> None:
        """Cache the credits of a run if the run is finished."""
        cached = self._cache.get(run.id) or CachedRun(run)
        self._cache.put(replace(cached, credits=credits))

    def cached_explanation(self, run: Run) -> Explanation | None:
        """Return the explanation of a finished run from the cache, None if it is not in it."""
        cached = self._cache.get(run.id)
        return cached.explanation if cached else None

    def cache_explanation(self, explanation: Explanation) -> None:
        """Cache the explanation of a run if the run is finished."""
        run = explanation.run
        cached = self._cache.get(run.id) or CachedRun(run)
        self._cache.put(replace(cached, explanation=explanation))

    def cached_history(self, run: Run) -> RunHistory | None:
        """Return the history of a finished run from the cache, None if it is not in it."""
        cached = self._cache.get(run.id)
        return cached.history if cached else None

    def cache_history(self, run: Run, history: RunHistory) -> None:
        """Cache the history of a run if the run is finished."""
        cached = self._cache.get(run.id) or CachedRun(run)
        self._cache.put(replace(cached, history=history))

    async def payload(self, run: Run, summary: StepSummary) -> Step:
        """Return the step of `summary` with its payload. Raises RetabError."""
        kept = self.kept.step(run.id, summary.step_id, summary.started_at)
        if kept is not None:
            return kept
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
        """Return the artifact; `generation` is that of the run that refers to it, if known.

        One that is kept costs no request. Raises RetabError, QuestionError (not_found).
        """
        kept = self.kept.artifact(artifact_id)
        if kept is not None:
            return kept
        try:
            return await self.api.get_artifact(artifact_id, operation or None, generation or None)
        except RetabError as error:
            raise _named(error, f"There is no artifact {artifact_id} for this API key.") from error

    async def experiment_job(
        self, run_id: str, document_id: str, workflow_id: str, experiment_id: str
    ) -> ExperimentJob:
        """Return the job of one document, given its id or file name.

        Raises RetabError, QuestionError (not_found).
        """
        if not document_id.startswith(DOCUMENT.prefixes):
            ids = ExperimentIds(run_id, workflow_id, experiment_id)
            document_id = await document_named(self.api, ids, document_id)
        try:
            return await self.api.get_experiment_job(
                run_id, document_id, workflow_id or None, experiment_id or None
            )
        except RetabError as error:
            message = f"Experiment run {run_id} has no document {document_id} for this API key."
            raise _named(error, message) from error


def _gap(page: StepPage) -> str | None:
    if page.unread:
        return f"{page.unread} steps could not be read: too large or unreadable"
    if page.may_be_incomplete:
        return "this Retab server does not say whether there are more"
    return None


def _named(error: RetabError, message: str) -> Exception:
    """Return a QuestionError with `message` if `error` is not_found, else `error` itself."""
    return (
        QuestionError(ErrorKind.NOT_FOUND, message) if error.kind == ErrorKind.NOT_FOUND else error
    )
