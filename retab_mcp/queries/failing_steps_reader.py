"""Read the failing steps of many runs in as few requests as the server allows."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from retab_mcp.analysis.failures.same_failure import Signature, reported
from retab_mcp.models import Run, Status, StepSummary
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import generation_of

# Maximum runs whose failing steps are read run by run.
MAX_RUNS_READ = 100
# From this many runs on, the list of all failing steps takes fewer requests, if the server has it.
MIN_RUNS_FOR_STEP_LIST = 8
MAX_STEP_PAGES = 20


class FailingStepsReader:
    """Reads the failing steps of `runs` into `found`, by run id; unreadable runs are missing.

    Runs that did not fail have the steps that they embed.
    """

    def __init__(self, api: RetabApi, workflow_id: str, runs: Sequence[Run]) -> None:
        self.found: dict[str, tuple[StepSummary, ...]] = {
            run.id: run.steps or ()
            for run in runs
            if run.status != Status.ERROR
            or any(step.status == Status.ERROR for step in run.steps or ())
        }
        self._api = api
        self._workflow_id = workflow_id
        self._of = len(runs)
        self._runs = [run for run in runs if run.id not in self.found]

    def gap(self) -> str | None:
        """Return a sentence about what could not be read, None if everything was."""
        unread = sum(run.id not in self.found for run in self._runs)
        if not unread:
            return None
        return (
            f"the steps of {unread} of {self._of} failed runs were not read, so these are grouped "
            "by what the runs report, not by cause"
        )

    async def read(self) -> None:
        """Fill `found`; what cannot be read is left out."""
        many = len(self._runs) >= MIN_RUNS_FOR_STEP_LIST
        if many and all(generation_of(run).steps_by_workflow for run in self._runs):
            await self._read_list()
        unread = _of_each_kind([run for run in self._runs if run.id not in self.found])
        await concurrently([partial(self._read_run, run) for run in unread[:MAX_RUNS_READ]])

    async def _read_run(self, run: Run) -> None:
        steps: list[StepSummary] = []
        try:
            async for page in self._api.step_pages(run, statuses=(Status.ERROR,)):
                steps.extend(step.summary for step in page.steps)
        except RetabError:
            # The run's own record is used instead.
            return
        self.found[run.id] = tuple(steps)

    async def _read_list(self) -> None:
        """Read the list backwards, from the last failing step of the run that ended last."""
        ended = [run for run in self._runs if run.completed_at is not None]
        if not ended:
            return
        last = max(ended, key=_end)
        await self._read_run(last)
        started = [step for step in self.found.get(last.id, ()) if step.started_at is not None]
        # A step id that is a block id belongs to many steps, so it cannot serve as a cursor.
        if started and all(step.step_id != step.block_id for step in started):
            await self._read_back(ended, max(started, key=_start))

    async def _read_back(self, runs: Sequence[Run], newest: StepSummary) -> None:
        """Read the failing steps that started before `newest`, back to the oldest of `runs`."""
        by_run: dict[str, list[StepSummary]] = defaultdict(list)
        reached = _start(newest)
        oldest = min(run.created_at or reached for run in runs)
        cursor: str | None = newest.step_id
        pages = 0
        try:
            while cursor is not None and reached > oldest and pages < MAX_STEP_PAGES:
                pages += 1
                try:
                    page = await self._api.failing_steps_before(self._workflow_id, cursor)
                except RetabError:
                    break
                if any(step.summary.started_at is None for step in page.steps):
                    break  # Steps without a start sort last, so the server ignored the cursor.
                for step in page.steps:
                    by_run[step.summary.run_id].append(step.summary)
                    reached = min(reached, _start(step.summary))
                cursor = page.previous
        finally:
            # Cancelled at its time limit, it still knows what it has read.
            for run in runs:
                # Steps of a run that ended later may come after `newest`.
                is_before = run.id not in self.found and _end(run) <= _start(newest)
                if is_before and (cursor is None or (run.created_at or oldest) > reached):
                    self.found[run.id] = tuple(by_run[run.id])


def _of_each_kind(runs: Sequence[Run]) -> list[Run]:
    """Return the runs so that the first ones hold some of each reported failure."""
    places: Counter[Signature | None] = Counter()
    turns = []
    for run in runs:
        kind = reported(run)
        turns.append(places[kind])
        places[kind] += 1
    return [runs[index] for index in sorted(range(len(runs)), key=turns.__getitem__)]


def _start(step: StepSummary) -> datetime:
    assert step.started_at is not None
    return step.started_at


def _end(run: Run) -> datetime:
    assert run.completed_at is not None
    return run.completed_at
