"""What to fetch for each question about a run, and how to find what was asked for."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from retab_mcp.inspector.cursor import CursorCodec
from retab_mcp.inspector.errors import QuestionError
from retab_mcp.inspector.remembered import Remembered, RunMemory
from retab_mcp.models import (
    ERROR,
    Artifact,
    ExperimentJob,
    Graph,
    Review,
    Run,
    Step,
    StepPayload,
    StepSummary,
)
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations import has_flat_steps
from retab_mcp.retab.step_pages import StepPage

# Blocks named when a step is not found: enough to see the pattern of the ids.
MAX_NAMED_BLOCKS = 20


@dataclass(frozen=True)
class StepsRead:
    """The steps of a run; `why` says what kept the list from being complete, else None."""

    steps: tuple[StepSummary, ...]
    why: str | None = None

    @property
    def complete(self) -> bool:
        """Whether these are all steps of the run."""
        return self.why is None


@dataclass(frozen=True)
class FoundStep:
    """The step that was asked for, and the other steps that the same id means (this included)."""

    run: Run
    step: Step
    matches: tuple[StepSummary, ...] = ()


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
        self, api: RetabApi, memory: RunMemory, cursors: CursorCodec, surroundings: Surroundings
    ) -> None:
        self.api = api
        self.cursors = cursors
        self.now = surroundings.now
        self.sleep = surroundings.sleep
        self.report_progress = surroundings.report_progress
        self._memory = memory

    async def run(self, run_id: str) -> Run:
        """Return the run. Raises RetabError, QuestionError (not_found)."""
        remembered = self._memory.get(run_id)
        if remembered is not None:
            return remembered.run
        try:
            run = await self.api.get_run(run_id)
        except RetabError as error:
            raise _named(error, f"There is no run {run_id} for this API key.") from error
        self._memory.put(Remembered(run))
        return run

    async def steps(self, run: Run, *, embedded: bool = False) -> StepsRead:
        """Return the summaries of all steps of `run`, in the order of the API.

        `embedded` is content with the step list inside the run where there is one (g1, g2a): it
        lacks artifact refs and retries, and costs no request. At the deadline, what was read.
        """
        if embedded and run.steps is not None:
            return StepsRead(run.steps)
        remembered = self._memory.get(run.id)
        if remembered is not None and remembered.steps is not None:
            return StepsRead(remembered.steps)
        found: list[StepSummary] = []
        why = None
        try:
            async for page in self.api.step_pages(run):
                found.extend(step.summary for step in page.steps)
                why = why or _gap(page)
        except RetabError as error:
            if error.kind != "timeout" or not found:
                raise
            why = "the time for this call was over"
        if why is None:
            self._memory.put(Remembered(run, tuple(found)))
        return StepsRead(tuple(found), why)

    async def step(self, run_id: str, step_id: str) -> FoundStep:
        """Return the step with this id, or of this block.

        Of several steps of a block (iterations of a loop) it is the first that failed, else the
        last. Raises RetabError, QuestionError (not_found, naming blocks that exist).
        """
        run = await self.run(run_id)
        found = await (
            self._flat_step(run, step_id)
            if has_flat_steps(run.generation)
            else self._nested_step(run, step_id)
        )
        if found is None:
            known = (await self.steps(run, embedded=True)).steps
            raise _step_not_found(run, step_id, known)
        return found

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

    async def _flat_step(self, run: Run, step_id: str) -> FoundStep | None:
        try:
            return FoundStep(run, await self.api.get_step(run, step_id))
        except RetabError as error:
            if error.kind not in {"not_found", "invalid_argument"}:
                raise
        chosen = _Chosen()
        async for page in self.api.step_pages(run, block_id=step_id):
            chosen.consider(page.steps)
        return chosen.found(run)

    async def _nested_step(self, run: Run, step_id: str) -> FoundStep | None:
        chosen = _Chosen()
        async for page in self.api.step_pages(run):
            chosen.consider(
                step
                for step in page.steps
                if step_id in (step.summary.step_id, step.summary.block_id)
            )
        found = chosen.found(run)
        if found is None or found.step.payload != StepPayload():
            return found
        # The list of g2b leaves payloads out; an embedded list, which stands in for one that is
        # too large, has none.
        summary = found.step.summary
        step = await self.payload(run, summary)
        merged = summary.model_copy(
            update={
                name: value
                for name in ("artifact", "failure", "reason")
                if getattr(summary, name) is None and (value := getattr(step.summary, name))
            }
        )
        return FoundStep(run, Step(summary=merged, payload=step.payload), found.matches)


def _gap(page: StepPage) -> str | None:
    if page.unread:
        return f"{page.unread} steps could not be read: each is too large, or unreadable"
    if page.may_be_incomplete:
        return "this Retab server does not say whether there are more"
    return None


class _Chosen:
    """Picks the first failing step of those that it is shown, else the last, and lets the
    payloads of the others go."""

    def __init__(self) -> None:
        self._step: Step | None = None
        self._matches: list[StepSummary] = []

    def consider(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self._matches.append(step.summary)
            if self._step is None or self._step.summary.status != ERROR:
                self._step = step

    def found(self, run: Run) -> FoundStep | None:
        if self._step is None:
            return None
        return FoundStep(run, self._step, tuple(self._matches))


def _named(error: RetabError, message: str) -> Exception:
    """Say what was not found, where that is what the error is about."""
    return QuestionError("not_found", message) if error.kind == "not_found" else error


def _step_not_found(run: Run, step_id: str, known: Iterable[StepSummary]) -> QuestionError:
    blocks = list(dict.fromkeys(step.block_id for step in known))
    if not blocks:
        return QuestionError("not_found", "The run has no steps yet.", hint="get_run says why.")
    return QuestionError(
        "not_found",
        f"The run has no step or block {step_id}.",
        hint="Take a step_id or block_id from list_steps.",
        facts={"blocks": blocks[:MAX_NAMED_BLOCKS], "blocks_in_all": len(blocks)},
    )
