"""Trace a value through a run within a fixed number of requests."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from retab_mcp.analysis.lineage.tracing.feeding import Feeding
from retab_mcp.analysis.lineage.tracing.review_edit import edit_facts
from retab_mcp.analysis.lineage.tracing.trace import (
    Need,
    NeedArtifact,
    NeedEdit,
    NeedPayload,
    NeedSource,
    Origin,
    OutOfRequestsError,
    Reply,
    Spot,
    Trace,
)
from retab_mcp.analysis.lineage.tracing.tracer import Tracer, Tracing
from retab_mcp.models import Artifact, Graph, Run, StepPayload, StepSummary
from retab_mcp.models.lineage import OriginKind
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.optional_reads import Asked
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.extraction_sources import ExtractionSources
from retab_mcp.retab.off_loop import off_loop
from retab_mcp.retab.step_pages import STEPS_PAGE_SIZE

T = TypeVar("T")
# Step id, block id and start: a server may record two steps under one id.
_StepKey = tuple[str, str, datetime | None]

# Requests of a call, pages of steps not counted: the run, its graph, and those of the trace.
MAX_REQUESTS = 14


@dataclass(frozen=True)
class Surrounding:
    """What a trace goes through: the run, its steps, and the graph that it executed, if known."""

    run: Run
    steps: tuple[StepSummary, ...]
    graph: Graph | None


class ValueTracer:
    """Traces values of one run, and keeps the payloads that it read.

    `budget` is the number of requests that it may make, of those that the call may. `asked` keeps
    sentences about what could not be read.
    """

    def __init__(
        self, inspector: Inspector, surrounding: Surrounding, budget: int = MAX_REQUESTS
    ) -> None:
        self.asked = Asked()
        self._inspector = inspector
        self._run = surrounding.run
        self._tracer = Tracer(Feeding(surrounding.steps, surrounding.graph))
        self._payloads: dict[_StepKey, StepPayload] = {}
        self._artifacts: dict[str, Artifact | None] = {}
        self._sources: dict[str, ExtractionSources | None] = {}
        self._left = budget

    def keep(self, step: StepSummary, payload: StepPayload) -> None:
        """Keep a payload that was read already."""
        if not payload.is_empty:
            self._payloads[_key(step)] = payload

    def keep_artifact(self, artifact: Artifact) -> None:
        """Keep an artifact that was read already."""
        self._artifacts[artifact.id] = artifact

    async def trace(self, spot: Spot) -> Trace:
        """Return the trace of the value at `spot`."""
        tracing = self._tracer.trace(spot)
        reply: Reply = None
        size = 0
        out = False
        while True:
            if isinstance(reply, StepPayload):
                # Once opened, a payload no longer knows its size, but it is searched again.
                size = max(size, reply.sealed_bytes)
            try:
                result = await off_loop(size, partial(_go_on, tracing, reply, out))
            except RetabError as error:
                self.asked.gaps.append(f"the values of a step on the way: {error.message}")
                return Trace((), Origin(OriginKind.UNKNOWN))
            if isinstance(result, Trace):
                return result
            takes = 2 if isinstance(result, NeedEdit) else 1
            left = min(self._left, self._inspector.api.limits.left)
            out = left < takes and not self._knows(result)
            reply = None if out else await self._answer(result)

    def _knows(self, need: Need) -> bool:
        """Return whether something needed takes no request."""
        kept = self._inspector.kept
        if isinstance(need, NeedPayload):
            known = _key(need.step) in self._payloads
            return (
                known
                or kept.step(self._run.id, need.step.step_id, need.step.started_at) is not None
            )
        if isinstance(need, NeedArtifact):
            ref = need.step.artifact
            if ref is None or ref.id in self._artifacts:
                return True
            return kept.artifact(ref.id) is not None
        return isinstance(need, NeedSource) and need.artifact.id in self._sources

    async def _answer(self, need: Need) -> Reply:
        if isinstance(need, NeedPayload):
            return await self.payload(need.step)
        if isinstance(need, NeedArtifact):
            return await self.artifact(need.step)
        if isinstance(need, NeedSource):
            return await self._source(need)
        return await self._edit(need)

    async def payload(self, step: StepSummary) -> StepPayload | None:
        """Return the payload of a step, None if it cannot be read any more."""
        known = self._payloads.get(_key(step))
        if known is None:
            kept = self._inspector.kept.step(self._run.id, step.step_id, step.started_at)
            known = kept.payload if kept is not None else None
        if known is not None:
            return known
        read = await self._spend(
            f"the values of {step.block_id}", partial(self._inspector.payload, self._run, step)
        )
        if read is None:
            return None
        self._payloads[_key(step)] = read.payload
        return read.payload

    async def artifact(self, step: StepSummary) -> Artifact | None:
        """Return the artifact of a step, None without one or if it cannot be read any more."""
        ref = step.artifact
        if ref is None:
            return None
        kept = self._inspector.kept.artifact(ref.id)
        if kept is not None:
            return kept
        if ref.id not in self._artifacts:
            self._artifacts[ref.id] = await self._spend(
                f"the artifact of {step.block_id}",
                partial(
                    self._inspector.artifact, ref.id, ref.operation or "", self._run.generation
                ),
            )
        return self._artifacts[ref.id]

    async def _source(self, need: NeedSource) -> Reply:
        if need.artifact.id not in self._sources:
            read = partial(self._inspector.api.get_sources, need.artifact.id)
            what = "the place in the document"
            self._sources[need.artifact.id] = await self._spend(what, read)
        sources = self._sources[need.artifact.id]
        return sources.at(need.tokens) if sources is not None else None

    async def _edit(self, need: NeedEdit) -> Reply:
        review = await self._spend(
            f"the review of {need.step.block_id}",
            partial(self._inspector.api.get_review, self._run, need.step),
            requests=2,
        )
        return edit_facts(review, need.tokens, need.value) if review is not None else None

    async def _spend(
        self, what: str, read: Callable[[], Awaitable[T]], requests: int = 1
    ) -> T | None:
        self._left -= requests
        return await self.asked.unless_unsupported(what, read())


async def read_surrounding(inspector: Inspector, run: Run) -> tuple[Surrounding, ValueTracer]:
    """Return what a trace of a value in `run` needs, with the payloads of the first page of steps.

    Raises RetabError if the steps cannot be read.
    """
    kept: list[tuple[StepSummary, StepPayload]] = []
    steps: list[StepSummary] = []
    async for page in inspector.api.step_pages(run):
        if not kept and len(page.steps) <= STEPS_PAGE_SIZE and not page.has_more:
            kept = [(step.summary, step.payload) for step in page.steps]
        steps.extend(step.summary for step in page.steps)
    asked = Asked()
    graph = await asked.unless_unsupported("the workflow's graph", inspector.graph(run))
    surrounding = Surrounding(run, tuple(steps), graph)
    tracer = ValueTracer(inspector, surrounding)
    tracer.asked.gaps += asked.gaps
    for step, payload in kept:
        tracer.keep(step, payload)
    return surrounding, tracer


def _go_on(tracing: Tracing, reply: Reply, out_of_requests: bool) -> Need | Trace:
    """Let a trace continue until it needs something or is complete."""
    try:
        if out_of_requests:
            return tracing.throw(OutOfRequestsError())
        return tracing.send(reply)
    except StopIteration as stop:
        found: Trace = stop.value
        return found


def _key(step: StepSummary) -> _StepKey:
    return step.step_id, step.block_id, step.started_at
