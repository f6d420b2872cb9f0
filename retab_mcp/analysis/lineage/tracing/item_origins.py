"""Map the items of a loop to its iterations, and its results back to them."""

from collections.abc import Generator, Mapping

from retab_mcp.analysis.lineage.matching.leaves import Tokens, containers, value_at
from retab_mcp.analysis.lineage.matching.likeness import same
from retab_mcp.analysis.lineage.tracing.feeding import Feeding, is_container
from retab_mcp.analysis.lineage.tracing.trace import (
    Competing,
    Hop,
    Need,
    NeedPayload,
    Reply,
    Side,
    Spot,
    equal_spots,
)
from retab_mcp.models import Json, StepPayload, StepSummary
from retab_mcp.models.lineage import How, KnownBy

_Found = tuple[Hop | None, Spot, list[Competing]] | None


class LoopItems:
    """Finds the item of an iteration in the loop's input, and results in its iterations."""

    def __init__(self, feeding: Feeding) -> None:
        self._feeding = feeding

    def item(self, spot: Spot) -> Generator[Need, Reply, _Found]:
        """Return the place in the container's input, or of the round before in a while loop.

        `spot` is an input of a step in a loop that no edge feeds, or an output of the step that
        begins the iterations.
        """
        container = self._feeding.container(spot.step)
        if container is None:
            return None
        if container.type == "while_loop":
            return (yield from self._round(spot, container))
        number = self._feeding.iteration(spot.step)
        item = yield from self._own_item(spot)
        places: list[tuple[StepSummary, Side, Mapping[str, Json]]] = []
        payload = yield NeedPayload(container)
        if isinstance(payload, StepPayload):
            places.append((container, "handle_inputs", payload.handle_inputs))
        for step, side, handles in places:
            found = _place_of(item, spot.tokens[2:], number, handles)
            if found is not None:
                tokens, known_by = found
                _, value = value_at(handles, tokens)
                return Hop(spot, How.ITEM_OF_LOOP, known_by), Spot(step, side, tokens, value), []
        file = _file_in(payload, spot)
        if file is not None:
            after = Spot(container, "handle_inputs", *file)
            return Hop(spot, How.ITEM_OF_LOOP, KnownBy.POSITION), after, []
        for feed in self._feeds_of(container):
            fed = yield NeedPayload(feed)
            if isinstance(fed, StepPayload):
                found = _place_of(item, spot.tokens[2:], number, fed.handle_outputs)
                if found is not None:
                    tokens, known_by = found
                    _, value = value_at(fed.handle_outputs, tokens)
                    after = Spot(feed, "handle_outputs", tokens, value)
                    return Hop(spot, How.ITEM_OF_LOOP, known_by), after, []
        return None

    def result(self, spot: Spot) -> Generator[Need, Reply, _Found]:
        """Return where the value of an output of a loop, or of its first step, came from."""
        if not is_container(spot.step):
            payload = yield NeedPayload(spot.step)
            if isinstance(payload, StepPayload) and payload.handle_inputs:
                there, value = value_at(payload.handle_inputs, spot.tokens)
                if there and same(value, spot.value) and self._feeding.knows_inputs(spot.step):
                    return None
            return (yield from self.item(spot))
        place = next((at for at, part in enumerate(spot.tokens) if isinstance(part, int)), None)
        numbers: list[int | None] = [None]
        tail: Tokens = spot.tokens[2:]
        if spot.step.type == "for_each" and place is not None:
            number = spot.tokens[place]
            assert isinstance(number, int)
            numbers = [number, self._feeding.completed_iteration(spot.step, number)]
            tail = spot.tokens[place + 1 :]
        elif spot.step.type == "for_each":
            return None
        for iteration in dict.fromkeys(numbers):
            for step in self._feeding.results(spot.step, iteration)[:4]:
                payload = yield NeedPayload(step)
                if not isinstance(payload, StepPayload):
                    continue
                for handle, content in payload.handle_outputs.items():
                    tokens = (handle, "data", *tail)
                    there, value = value_at(payload.handle_outputs, tokens)
                    if content and there and same(value, spot.value):
                        how = How.ITEM_OF_LOOP if iteration is not None else How.PASSED_ON
                        after = Spot(step, "handle_outputs", tokens, value)
                        return Hop(spot, how, KnownBy.POSITION), after, []
        return None

    def _round(self, spot: Spot, container: StepSummary) -> Generator[Need, Reply, _Found]:
        number = self._feeding.iteration(spot.step)
        before = self._feeding.results(container, number - 1) if number else []
        for step in before[:3]:
            payload = yield NeedPayload(step)
            outputs = payload.handle_outputs if isinstance(payload, StepPayload) else {}
            for after in equal_spots(spot, step, "handle_outputs", outputs):
                return Hop(spot, How.ITEM_OF_LOOP, KnownBy.EQUAL_VALUE), after, []
        payload = yield NeedPayload(container)
        inputs = payload.handle_inputs if isinstance(payload, StepPayload) else {}
        for after in equal_spots(spot, container, "handle_inputs", inputs):
            return Hop(spot, How.ITEM_OF_LOOP, KnownBy.EQUAL_VALUE), after, []
        return None

    def _own_item(self, spot: Spot) -> Generator[Need, Reply, Json]:
        """Return the whole value of the handle in which `spot` is."""
        payload = yield NeedPayload(spot.step)
        if not isinstance(payload, StepPayload):
            return None
        inputs = spot.side == "handle_inputs"
        handles = payload.handle_inputs if inputs else payload.handle_outputs
        return value_at(handles, spot.tokens[:2])[1]

    def _feeds_of(self, container: StepSummary) -> list[StepSummary]:
        handles = self._feeding.handles_into(container)
        found = [feed.step for handle in handles for feed in self._feeding.feeds(container, handle)]
        return list({step.step_id: step for step in found}.values())


def _place_of(
    item: Json, tokens: Tokens, number: int | None, handles: Mapping[str, Json]
) -> tuple[Tokens, KnownBy] | None:
    """Return the place of the value at `tokens` of an item in the list that has the item.

    The item with the iteration's number comes first, else the only equal one. An item can be
    wrapped, as in {"item": …, "index": 3}.
    """
    wholes = [(depth, *value_at(item, tokens[:depth])) for depth in range(len(tokens) + 1)]
    lists = [(at, items) for at, items in containers(handles) if isinstance(items, list)]
    for depth, there, whole in wholes:
        if not there:
            continue
        for at, items in lists:
            if number is not None and number < len(items) and same(items[number], whole):
                return (*at, number, *tokens[depth:]), KnownBy.POSITION
    for depth, there, whole in wholes:
        if not there or not isinstance(whole, dict) or not whole:
            continue
        equal = [
            (*at, index)
            for at, items in lists
            for index, one in enumerate(items)
            if same(one, whole)
        ]
        if len(equal) == 1:
            return (*equal[0], *tokens[depth:]), KnownBy.EQUAL_VALUE
    return None


def _file_in(payload: Reply, spot: Spot) -> tuple[Tokens, Json] | None:
    """Return the file that a loop over a document's parts was given."""
    if spot.tokens[1] != "document" or not isinstance(payload, StepPayload):
        return None
    for handle in payload.handle_inputs:
        tokens = (handle, *spot.tokens[1:])
        there, value = value_at(payload.handle_inputs, tokens)
        if there:
            return tokens, value
    return None
