"""Find the root causes of many failed runs in few requests: runs that fail alike share a record."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import anyio

from retab_mcp.analysis.cause.choice.candidates import failed_on_their_own
from retab_mcp.analysis.cause.choice.root_choice import is_hinted, is_message_of
from retab_mcp.analysis.cause.root_cause import (
    RootCause,
    find_cause,
    with_details_of,
    with_record,
)
from retab_mcp.analysis.message_folding import fold_message
from retab_mcp.models import FailureKind, Graph, Run, Status, StepSummary
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.failed_records import failed_records
from retab_mcp.queries.failing_steps_reader import FailingStepsReader
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.queries.root_step import read_record, read_root_step, with_passed_retry
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import generation_of

# Versions of workflows whose graphs are read.
MAX_GRAPHS = 6
# Runs that fail alike whose records are read, if those say no more than the steps themselves.
FEW_RECORDS = 3
# If they do say more, so many must agree before the others are taken to be the same.
MANY_RECORDS = 8
# Runs whose records are read, over all.
MAX_RUNS_EXAMINED = 60

# What runs that fail alike have in common: workflow, version and status, and block and message of
# each failed step.
_Likeness: TypeAlias = tuple[str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class FoundCause:
    """The root cause of a run.

    `by_record` means that it is what get_run names: the run's own records were read, or those of
    runs that fail alike say that there is nothing more to them. Otherwise it is what the failed
    steps themselves say. `survived` says that the run reports an attempt which a later one made
    good; it is None for any other.
    """

    cause: RootCause
    by_record: bool
    survived: str | None = None


class RunCauses:
    """Finds the root causes of failed runs into `found`, by run id; unreadable runs are missing.

    `reader` reads their failing steps, which must be done before `read`.
    """

    def __init__(
        self, inspector: Inspector, runs: Sequence[Run], reader: FailingStepsReader
    ) -> None:
        self.found: dict[str, FoundCause] = {}
        self._inspector = inspector
        self._runs = runs
        self._steps = reader.found
        self._graphs: dict[str, Graph] = {}
        self._examined = 0

    async def read(self) -> None:
        """Fill `found`, first from the steps, then from records; may be cancelled between."""
        for run in self._runs:
            known = self._inspector.cached_explanation(run)
            if known is not None and known.cause is not None:
                self.found[run.id] = FoundCause(known.cause, by_record=True)
        readable = [run for run in self._runs if run.id in self._steps and run.id not in self.found]
        self._from_steps(readable)
        await self._read_graphs(readable)
        self._from_steps([run for run in readable if self._graph(run) is not None])
        alike: dict[_Likeness, list[Run]] = defaultdict(list)
        for run in readable:
            alike[_likeness(run, self._steps[run.id])].append(run)
        # The most frequent failures first: the limit then leaves out the rare ones.
        ranked = sorted(alike.values(), key=len, reverse=True)
        await concurrently([partial(self._examine_alike, runs) for runs in ranked])

    def _from_steps(self, runs: Sequence[Run]) -> None:
        for run in runs:
            cause = find_cause(run, self._steps[run.id], self._graph(run))
            if cause is not None:
                self.found[run.id] = FoundCause(cause, by_record=False)

    def _graph(self, run: Run) -> Graph | None:
        return self._graphs.get(run.workflow_version_id or "")

    async def _read_graphs(self, runs: Sequence[Run]) -> None:
        """Read the graphs of runs with several failed steps, as get_run does."""
        several = [run for run in runs if len(failed_on_their_own(self._steps[run.id])) > 1]
        first = {run.workflow_version_id: run for run in several if run.workflow_version_id}

        async def read(version_id: str, run: Run) -> None:
            try:
                graph = await self._inspector.graph(run)
            except RetabError:
                return
            if graph.edges:
                self._graphs[version_id] = graph

        await concurrently([partial(read, *each) for each in list(first.items())[:MAX_GRAPHS]])

    async def _examine_alike(self, runs: Sequence[Run]) -> None:
        """Read the records of some runs that fail alike; if these agree, the others are the same.

        Few records are enough if they say what the steps say. If they say more, then each run can
        have failed for a reason of its own.
        """
        unknown = [run for run in runs if run.id in self.found]
        agreed = True
        for number, run in enumerate(_spread(unknown)[:MANY_RECORDS]):
            if number == FEW_RECORDS and agreed:
                break
            agreed = await self._examine(run) and agreed
        examined = [run for run in unknown if self.found[run.id].by_record]
        rest = [run for run in unknown if not self.found[run.id].by_record]
        if not examined or not rest:
            return
        if agreed:
            for run in rest:
                self.found[run.id] = replace(self.found[run.id], by_record=True)
        elif len(examined) == MANY_RECORDS:
            self._take_over([self.found[run.id] for run in examined], rest)

    def _take_over(self, examined: Sequence[FoundCause], runs: Sequence[Run]) -> None:
        """Give `runs` the step, message and kind that all `examined` runs have in common."""
        first = examined[0]
        common = {_core(one.cause) for one in examined}
        if len(common) > 1 or first.survived or first.cause.step is None:
            return
        block_id, kind, _ = common.pop()
        for run in runs:
            cause = self.found[run.id].cause
            step = next((s for s in self._steps[run.id] if s.block_id == block_id), None)
            if step is not None:
                message = first.cause.message
                taken = replace(cause, step=step, kind=kind, message=message)
                self.found[run.id] = FoundCause(taken, by_record=True)

    async def _examine(self, run: Run) -> bool:
        """Read the records of a run; return whether they say no more than its steps do."""
        if self._examined >= MAX_RUNS_EXAMINED:
            return True
        self._examined += 1
        before = self.found[run.id]
        found = await self._by_record(run)
        if found is None:
            return True
        self.found[run.id] = found
        return not found.survived and _core(found.cause) == _core(before.cause)

    async def _by_record(self, run: Run) -> FoundCause | None:
        """Return the cause as get_run names it, None if what that takes cannot be read."""
        steps = self._steps[run.id]
        own = failed_on_their_own(steps)
        if run.status == Status.ERROR and len(own) > 1 and self._graph(run) is None:
            return None
        # Whether a loop completed, and which steps passed at last, only a whole list shows.
        if run.status != Status.ERROR or len(own) != 1 or not _is_reported(run, own[0]):
            try:
                read = await self._inspector.steps(run, keep=lambda step: bool(step.failure))
            except RetabError:
                return None
            if not read.complete:
                return None
            steps = read.steps
        inspector, graph = self._inspector, self._graph(run)
        seen = await failed_records(inspector, run, steps)
        cause = find_cause(run, steps, graph, None, seen)
        if cause is None:
            return None
        reason = cause.reasons[0]
        cause = await with_passed_retry(inspector, run, cause, steps, graph)
        survived = cause.reasons[0] if cause.reasons[0] != reason else None
        root = cause.step
        if root is None:
            return FoundCause(with_record(cause, None), by_record=True)
        asked = Asked()
        step = None
        if not generation_of(run).flat_steps:
            # Only the list of these servers has details, and the typed output as a record.
            reading = read_root_step(inspector, run, root)
            step = await asked.unless_failed("the step", reading)
            cause = with_details_of(cause, step.summary) if step else cause
        record = await read_record(inspector, run, root, step, asked)
        if asked.gaps:
            return None
        return FoundCause(with_record(cause, record), by_record=True, survived=survived)


async def causes_of(
    inspector: Inspector, runs: Sequence[Run], seconds: float
) -> dict[str, FoundCause]:
    """Return the root causes of the failed ones of `runs` by run id, read in at most `seconds`.

    Runs whose failed steps could not be read are missing.
    """
    failed = [run for run in runs if run.status == Status.ERROR]
    workflows = {run.workflow_id for run in failed}
    workflow_id = (next(iter(workflows)) or "") if len(workflows) == 1 else ""
    unknown = [run for run in failed if inspector.cached_explanation(run) is None]
    reader = FailingStepsReader(inspector.api, workflow_id, unknown)
    causes = RunCauses(inspector, failed, reader)
    with anyio.move_on_after(seconds):
        await reader.read()
        await causes.read()
    return causes.found


def _likeness(run: Run, steps: Sequence[StepSummary]) -> _Likeness:
    failed = {
        (step.block_id, fold_message(step.failure.message) if step.failure else "")
        for step in failed_on_their_own(steps)
    }
    if run.status != Status.ERROR or not failed:
        message = run.reason or (run.failure.message if run.failure is not None else "")
        failed = {(name, fold_message(message)) for name in run.waiting_for_block_ids or [""]}
    return run.workflow_id or "", f"{run.workflow_version_id} {run.status}", tuple(sorted(failed))


def _is_reported(run: Run, step: StepSummary) -> bool:
    """Return whether the run is about this failed step, or says nothing of which step it was."""
    details = run.failure.details if run.failure is not None else None
    named = details.block_id if details is not None else None
    if is_hinted(run, step) or is_message_of(run, step) or named == step.block_id:
        return True
    return run.failing_step_id is None and named is None


def _core(cause: RootCause) -> tuple[str | None, FailureKind, str]:
    """Return what makes a cause another one: its block, kind and message."""
    block_id = cause.step.block_id if cause.step is not None else None
    return block_id, cause.kind, fold_message(cause.message)


def _spread(runs: Sequence[Run]) -> list[Run]:
    """Return the runs so that the first ones come from both ends and the middle."""
    if len(runs) <= FEW_RECORDS:
        return list(runs)
    first = [runs[0], runs[-1], runs[len(runs) // 2]]
    return [*first, *(run for run in runs if run not in first)]
