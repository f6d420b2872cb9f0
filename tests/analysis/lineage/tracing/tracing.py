"""A run in memory, whose values are traced without a server."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from retab_mcp.analysis.lineage.tracing.feeding import Feeding
from retab_mcp.analysis.lineage.tracing.origin_line import origin_line
from retab_mcp.analysis.lineage.tracing.trace import (
    NeedArtifact,
    NeedEdit,
    NeedPayload,
    NeedSource,
    Spot,
    Trace,
)
from retab_mcp.analysis.lineage.tracing.tracer import Tracer
from retab_mcp.models import Artifact, Block, Edge, Graph, StepPayload, StepSummary
from retab_mcp.models.document_source import DocumentSource

Make = Callable[..., StepSummary]


def data(value: Any) -> dict[str, Any]:
    return {"type": "json", "data": value}


@dataclass
class TracedRun:
    """Steps with their handles; edges are "a > b", or "a:handle > b:handle"."""

    edges: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    steps: list[StepSummary] = field(default_factory=list)
    payloads: dict[str, StepPayload] = field(default_factory=dict)
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    sources: Mapping[tuple[Any, ...], DocumentSource] = field(default_factory=dict)
    edits: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def add(
        self, step: StepSummary, given: Any = None, made: Any = None, record: Any = None
    ) -> StepSummary:
        """Add a step; `given` and `made` are handles by name, or the value of a handle "in"."""
        self.steps.append(step)
        self.payloads[step.step_id] = StepPayload(_handles(given, "in"), _handles(made, "out"))
        if record is not None:
            operation = record.pop("operation", "extraction")
            self.artifacts[step.step_id] = Artifact(id="a_1", operation=operation, data=record)
        return step

    def trace(self, step: StepSummary, *keys: Any, made: bool = False) -> Trace:
        """Trace the value at `keys` of an input of a step, or of what it made."""
        handle = "out" if made else "in"
        payload = self.payloads[step.step_id]
        value: Any = (payload.handle_outputs if made else payload.handle_inputs)[handle]["data"]
        for key in keys:
            value = value[key]
        side: Any = "handle_outputs" if made else "handle_inputs"
        return self.follow(Spot(step, side, (handle, "data", *keys), value))

    def follow(self, spot: Spot) -> Trace:
        graph = Graph(blocks=self.blocks, edges=tuple(map(_edge, self.edges)))
        tracing = Tracer(Feeding(self.steps, graph)).trace(spot)
        reply: Any = None
        while True:
            try:
                need = tracing.send(reply)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            reply = self._answer(need)

    def _answer(self, need: Any) -> Any:
        match need:
            case NeedPayload(step):
                return self.payloads.get(step.step_id)
            case NeedArtifact(step):
                return self.artifacts.get(step.step_id)
            case NeedSource(_, tokens):
                return self.sources.get(tokens)
            case NeedEdit(step, _, _):
                return self.edits.get(step.step_id)


def said(trace: Trace) -> str | None:
    """Return the origin of a trace in one line."""
    return origin_line(trace, "run_1")


def hops(trace: Trace) -> list[tuple[str, str, str | None]]:
    """Return block, what was done and what shows it, of each hop."""
    return [(hop.spot.step.block_id, hop.how, hop.known_by) for hop in trace.hops]


def competing(trace: Trace) -> list[tuple[str, str, Any, str | None]]:
    """Return block, path, value and reason of each competing value."""
    return [(one.step.block_id, one.path, one.value, one.why) for one in trace.competing]


def _handles(value: Any, name: str) -> dict[str, Any]:
    if value is None:
        return {}
    is_named = isinstance(value, dict) and all(
        isinstance(each, dict) and "type" in each for each in value.values()
    )
    return value if is_named else {name: data(value)}


def _edge(text: str) -> Edge:
    source, target = text.split(" > ")
    source_block, _, source_handle = source.partition(":")
    target_block, _, target_handle = target.partition(":")
    return Edge(
        source=source_block,
        target=target_block,
        source_handle=source_handle or None,
        target_handle=target_handle or None,
    )
