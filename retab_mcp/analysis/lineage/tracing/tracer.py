"""Trace a value back to its origin, asking for what it needs on the way."""

from collections.abc import Generator, Mapping
from dataclasses import replace

from retab_mcp.analysis.lineage.matching.function_source import read_recipes, source_of
from retab_mcp.analysis.lineage.matching.leaves import value_at
from retab_mcp.analysis.lineage.matching.likeness import is_distinctive, same
from retab_mcp.analysis.lineage.matching.source_in_step import (
    Output,
    Provenance,
    Source,
    source_in_step,
)
from retab_mcp.analysis.lineage.tracing.feeding import Feed, Feeding, is_container
from retab_mcp.analysis.lineage.tracing.item_origins import LoopItems
from retab_mcp.analysis.lineage.tracing.makers import Maker, origin_of
from retab_mcp.analysis.lineage.tracing.merged import find_merged
from retab_mcp.analysis.lineage.tracing.trace import (
    Competing,
    Hop,
    Need,
    NeedPayload,
    Origin,
    OutOfRequestsError,
    Reply,
    Spot,
    Trace,
    equal_spots,
)
from retab_mcp.models import Json, StepPayload
from retab_mcp.models.lineage import How, KnownBy, OriginKind

# A workflow has no longer chains; a cycle would never end.
MAX_HOPS = 40
# Steps whose outputs are compared where the graph names no edge.
MAX_COMPARED_STEPS = 40
MAX_COMPETING = 3

Tracing = Generator[Need, Reply, Trace]
# Blocks that pass on their inputs unchanged.
_PASSING = frozenset(
    {"conditional", "note", "hil", "for_each_sentinel_end", "while_loop_sentinel_end"}
)
_SPLITTING = frozenset({"split", "for_each"})


class Tracer:
    """Traces values of one run; `feeding` knows its steps and the graph that it executed."""

    def __init__(self, feeding: Feeding) -> None:
        self._feeding = feeding
        self._items = LoopItems(feeding)

    def trace(self, spot: Spot) -> Tracing:
        """Yield what is needed to trace the value at `spot`, and return its trace."""
        hops: list[Hop] = []
        competing: list[Competing] = []
        seen = set()
        while len(hops) < MAX_HOPS and spot.identity not in seen:
            seen.add(spot.identity)
            within = self._into if spot.side == "handle_inputs" else self._within
            try:
                step = yield from within(spot)
            except OutOfRequestsError:
                unknown = Origin(OriginKind.UNKNOWN)
                return Trace(tuple(hops), unknown, tuple(competing[:MAX_COMPETING]), spot)
            if isinstance(step, Trace):
                return Trace(
                    (*hops, *step.hops),
                    step.origin,
                    (*competing, *step.competing)[:MAX_COMPETING],
                    step.stopped_at,
                )
            hop, spot, others = step
            hops += [hop] if hop is not None else []
            competing += others
        return Trace(tuple(hops), Origin(OriginKind.UNKNOWN), tuple(competing[:MAX_COMPETING]))

    def _into(self, spot: Spot) -> "Generator[Need, Reply, _Step]":
        """Go from an input to the output that it came from."""
        feeds = self._feeding.feeds(spot.step, str(spot.tokens[0]))
        for feed in feeds:
            payload = yield NeedPayload(feed.step)
            if not isinstance(payload, StepPayload):
                continue
            found = _in_outputs(feed, payload.handle_outputs, spot)
            if found is not None:
                return None, found, []
        if feeds:
            return _unknown(spot, "no step on its edges has this value in its outputs")
        item = yield from self._items.item(spot)
        if item is not None:
            return item
        if not self._feeding.knows_inputs(spot.step):
            before = yield from self._equal_before(spot)
            if before is not None:
                return None, before, []
        return _unknown(spot, "no earlier step has this value in its outputs")

    def _equal_before(self, spot: Spot) -> Generator[Need, Reply, Spot | None]:
        """Find the latest step before whose outputs have the value, where no edge is known."""
        weak = not is_distinctive(spot.value)
        for number, step in enumerate(self._feeding.before(spot.step)):
            if number >= MAX_COMPARED_STEPS:
                return None
            payload = yield NeedPayload(step)
            outputs = payload.handle_outputs if isinstance(payload, StepPayload) else {}
            for found in equal_spots(spot, step, "handle_outputs", outputs):
                _, data = value_at(outputs, found.tokens[:2])
                if not weak or len(data or ()) > 1:
                    return found
        return None

    def _within(self, spot: Spot) -> "Generator[Need, Reply, _Step]":
        """Go from an output of a step to what it was made of."""
        maker = Maker(spot)
        if maker.decides:
            made = yield from origin_of(maker)
            if isinstance(made, Trace):
                return made
        payload = yield NeedPayload(spot.step)
        if not isinstance(payload, StepPayload):
            return _unknown(spot, "the inputs of this step could not be read")
        kind = spot.step.type or ""
        if is_container(spot.step) or kind.endswith("sentinel_start"):
            inside = yield from self._items.result(spot)
            if inside is not None:
                return inside
        found = self._found(spot, payload)
        if found.how is How.UNKNOWN or not found.sources:
            return self._made(spot, found)
        if len(found.sources) > 1:
            return (yield from self._several(spot, found))
        source = found.sources[0]
        after = Spot(spot.step, "handle_inputs", source.tokens, source.value)
        why = "overwritten" if found.how is How.OVERWRITTEN else "other value"
        others = [self._competing(spot, each, why) for each in found.others]
        return Hop(spot, found.how, found.known_by), after, others

    def _found(self, spot: Spot, payload: StepPayload) -> Provenance:
        inputs = payload.handle_inputs
        kind = spot.step.type or ""
        if spot.tokens[1] == "document" or kind in _SPLITTING:
            handle = next((name for name, each in inputs.items() if _has_document(each)), None)
            if handle is not None:
                tokens = (handle, "document", *spot.tokens[2:])
                there, value = value_at(inputs, tokens)
                how = How.SPLIT if kind in _SPLITTING else How.PASSED_ON
                if there:
                    return Provenance(how, KnownBy.RECORD, (Source(tokens, value),))
        if kind == "merge_dicts" or kind in _PASSING:
            merged = find_merged(spot, inputs)
            if merged is not None:
                return merged
        output = Output(payload.handle_outputs, spot.tokens, spot.value)
        block = self._feeding.block(spot.step)
        source = source_of(block.config) if block is not None else None
        recipes = read_recipes(source).get(output.key, ()) if source else ()
        return source_in_step(output, inputs, recipes)

    def _made(self, spot: Spot, found: Provenance) -> Trace:
        """Return that the step made the value, or that it is not certain that it did."""
        parts = [
            {"path": Spot(spot.step, "handle_inputs", each.tokens, None).path, "value": each.value}
            for each in found.made_of
        ]
        if found.how is How.UNKNOWN:
            named = [self._competing(spot, each, "equal value") for each in found.sources]
            why = "made in this step, or one of the equal values in its inputs"
            origin = Origin(OriginKind.UNKNOWN, spot, {"why": why})
            return Trace((Hop(spot, How.UNKNOWN),), origin, tuple(named))
        facts: dict[str, Json] = {"from": parts} if parts else {}
        if found.lacks:
            names = " and ".join(found.lacks)
            facts = {"why": f"the function reads {names}, which its inputs lack", **facts}
        hop = Hop(spot, How.COMPUTED, found.known_by)
        return Trace((hop,), Origin(OriginKind.COMPUTED, spot, facts))

    def _several(self, spot: Spot, found: Provenance) -> "Generator[Need, Reply, Trace]":
        """Trace equally likely sources; they may have one origin."""
        traces = []
        for source in found.sources:
            after = Spot(spot.step, "handle_inputs", source.tokens, source.value)
            traces.append((yield from self.trace(after)))
            if traces[-1].stopped_at is not None:
                return Trace((), Origin(OriginKind.UNKNOWN), stopped_at=spot)
        spots = {each.origin.spot.identity if each.origin.spot else None for each in traces}
        first = traces[0]
        hop = Hop(spot, found.how, found.known_by)
        if len(spots) == 1 and None not in spots:
            return replace(first, hops=(hop, *first.hops))
        named = [
            Competing(at.step, at.path, at.value, each.origin.kind)
            for each in traces
            if (at := each.origin.spot) is not None
        ]
        why = f"{len(named)} places are equally likely"
        origin = Origin(OriginKind.UNKNOWN, None, {"why": why})
        return Trace((replace(hop, how=How.UNKNOWN),), origin, tuple(named))

    def _competing(self, spot: Spot, source: Source, why: str | None = None) -> Competing:
        feeds = self._feeding.feeds(spot.step, str(source.tokens[0]))
        if len(feeds) == 1 and feeds[0].handle is not None:
            tokens = (feeds[0].handle, *source.tokens[1:])
            sent = Spot(feeds[0].step, "handle_outputs", tokens, source.value)
            return Competing(sent.step, sent.path, source.value, why)
        path = Spot(spot.step, "handle_inputs", source.tokens, None).path
        return Competing(spot.step, path, source.value, why)


_Step = tuple[Hop | None, Spot, list[Competing]] | Trace


def _in_outputs(feed: Feed, outputs: Mapping[str, Json], spot: Spot) -> Spot | None:
    """Find the value of an input in the outputs of the step that fed it."""
    handles = [feed.handle] if feed.handle is not None else list(outputs)
    for handle in handles:
        tokens = (handle, *spot.tokens[1:])
        there, value = value_at(outputs, tokens)
        if there and same(value, spot.value):
            return Spot(feed.step, "handle_outputs", tokens, value)
    chosen = {handle: outputs[handle] for handle in handles if handle in outputs}
    found = source_in_step(Output({}, spot.tokens, spot.value), chosen)
    if len(found.sources) != 1 or found.how is How.UNKNOWN:
        return None
    one = found.sources[0]
    return Spot(feed.step, "handle_outputs", one.tokens, one.value)


def _unknown(spot: Spot, why: str) -> Trace:
    return Trace((), Origin(OriginKind.UNKNOWN, spot, {"why": why}))


def _has_document(handle: Json) -> bool:
    return isinstance(handle, dict) and isinstance(handle.get("document"), dict)
