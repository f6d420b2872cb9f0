"""Pair the steps of two runs while they are read, and compare each pair."""

from collections import deque
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from retab_mcp.analysis.compare.array_alignment import align_keys
from retab_mcp.analysis.compare.fingerprints import comparable, fingerprint, payload_json
from retab_mcp.analysis.compare.iteration_alignment import Iteration, renumbered
from retab_mcp.analysis.compare.json_diff import differences
from retab_mcp.analysis.compare.path_changes import PathChange, path_changes
from retab_mcp.analysis.loops.loop_containers import iteration_number
from retab_mcp.models import Json, Step, StepPayload, StepSummary

# Maximum bytes, as JSON, of payloads that wait for their counterpart in the other run. Beyond it,
# the oldest are dropped: then it is known if they differ, but not where.
MAX_HELD_BYTES = 64 * 1024 * 1024
# Maximum bytes of compared payloads of loops that are kept, since the iterations of the other run
# may turn out to be in another order. They are compared again then, so less is enough.
MAX_KEPT_BYTES = 8 * 1024 * 1024
# A block, and the container and iteration of each loop around it, outermost first.
_Key = tuple[str, tuple[tuple[str, int | None], ...]]
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StepPair:
    """The same step in both runs, or a step of one of them.

    `same_inputs` is None where neither had inputs. `changes` are of the outputs, by pointers that
    get_step accepts. `outputs_differ` can be true without them, where payloads were dropped.
    """

    step: StepSummary | None
    other: StepSummary | None
    same_inputs: bool | None = None
    outputs_differ: bool = False
    changes: tuple[PathChange, ...] = ()


@dataclass(slots=True)
class _Entry:
    """A step that waits for its counterpart.

    With a `sealed` step, its payload is still to be opened: until then the prints are empty.
    `digest` is that of the sealed payload.
    """

    summary: StepSummary
    has_inputs: bool
    size: int
    digest: tuple[bytes, bytes] | None
    sealed: Step | None = None
    inputs_print: bytes = b""
    outputs_print: bytes = b""
    inputs: Json = None
    outputs: Json = None
    held: bool = True


@dataclass(slots=True)
class _Slot:
    """The steps of both runs with the same block and iterations; usually one of each."""

    entries: tuple[list[_Entry], list[_Entry]] = field(default_factory=lambda: ([], []))
    first: StepPair | None = None


class StepPairs:
    """Pairs the steps of two runs by block and iterations, in any order of arrival.

    `input_files` are the ids of the files that the runs were started with. Ids of other files are
    not compared, since files made in a run get a new id each time. `open_payload` makes the payload
    of a step readable, so that reading its handles raises nothing.
    """

    def __init__(
        self,
        input_files: Collection[str] = (),
        open_payload: Callable[[Step], None] = lambda step: None,
    ) -> None:
        self._input_files = frozenset(input_files)
        self._open_payload = open_payload
        self._places: dict[_Key, _Slot] = {}
        self._waiting: deque[_Entry] = deque()
        self._compared: deque[_Entry] = deque()
        self._kept_bytes = 0
        self.held_bytes = 0

    def add(self, side: int, step: Step) -> None:
        """Add a step of the first run (`side` 0) or of the other one (1)."""
        place = self._places.setdefault(_key(step.summary), _Slot())
        entry = self._entry(step, self._same_payload(side, step))
        mine, theirs = place.entries[side], place.entries[1 - side]
        mine.append(entry)
        if len(mine) == len(theirs) == 1:
            place.first = self._compared_pair(place.entries[0][0], place.entries[1][0])
            self._keep(mine[0])
            self._keep(theirs[0])
            return
        self._waiting.append(entry)
        while self.held_bytes > MAX_HELD_BYTES:
            oldest = self._waiting.popleft()
            if oldest.held:
                self._open(oldest)
            self._release(oldest)

    def pairs(self) -> list[StepPair]:
        """Return all pairs, and the steps that are in one run only.

        Iterations of a loop are paired by what they got where that identifies them, else by number.
        If their numbers differ, outputs that are no longer held are not compared by path.
        """
        return [pair for place in _aligned(self._places).values() for pair in self._pairs_at(place)]

    def to_open(self, side: int, step: Step) -> list[Step]:
        """Return the steps, this one and its counterpart, whose payloads `add` will open."""
        if self._same_payload(side, step) is not None:
            return []
        if not self._can_wait(step):
            return [step]
        place = self._places.get(_key(step.summary))
        theirs = place.entries[1 - side] if place is not None else []
        if len(theirs) != 1 or place is None or place.entries[side]:
            return []
        return [step] if theirs[0].sealed is None else [step, theirs[0].sealed]

    def _can_wait(self, step: Step) -> bool:
        """Return whether a payload need not be opened before that of the counterpart is known.

        Iterations of loops are told apart by what they got.
        """
        return not step.summary.loops and step.payload.digest is not None

    def _same_payload(self, side: int, step: Step) -> _Entry | None:
        """Return the counterpart of a step if its payload came as the same bytes."""
        place = self._places.get(_key(step.summary))
        theirs = place.entries[1 - side] if place is not None else []
        if len(theirs) != 1 or not theirs[0].held or theirs[0].digest is None:
            return None
        return theirs[0] if theirs[0].digest == step.payload.digest else None

    def _entry(self, step: Step, same: _Entry | None) -> _Entry:
        if same is not None:
            self.held_bytes += same.size
            return replace(same, summary=step.summary)
        entry = _Entry(
            summary=step.summary,
            has_inputs=step.payload.has_inputs,
            size=step.payload.sealed_bytes,
            digest=step.payload.digest,
            sealed=step,
        )
        self.held_bytes += entry.size
        if not self._can_wait(step):
            self._open(entry)
        return entry

    def _open(self, entry: _Entry) -> None:
        step = entry.sealed
        if step is None:
            return
        self._open_payload(step)
        inputs = comparable(step.payload.handle_inputs, self._input_files)
        outputs = self._outputs(step.payload)
        inputs_json, outputs_json = payload_json(inputs), payload_json(outputs)
        size = len(inputs_json) + len(outputs_json)
        self.held_bytes += size - entry.size
        entry.size, entry.sealed = size, None
        entry.has_inputs = bool(inputs)
        entry.inputs, entry.inputs_print = inputs, fingerprint(inputs_json)
        entry.outputs, entry.outputs_print = outputs, fingerprint(outputs_json)

    def _compared_pair(self, mine: _Entry, theirs: _Entry) -> StepPair:
        if not mine.sealed or not theirs.sealed or mine.digest != theirs.digest:
            self._open(mine)
            self._open(theirs)
        return _compare(mine, theirs)

    def _pairs_at(self, place: _Slot) -> list[StepPair]:
        mine, theirs = place.entries
        if place.first is not None and len(mine) == len(theirs) == 1:
            return [place.first]
        if mine and theirs:
            for entry in (*mine, *theirs):
                self._open(entry)
        found = []
        for index, other_index in align_keys(_sequence(mine), _sequence(theirs)):
            if index == other_index == 0 and place.first is not None:
                found.append(place.first)
            elif index is not None and other_index is not None:
                found.append(_compare(mine[index], theirs[other_index]))
            else:
                found.append(
                    StepPair(
                        step=None if index is None else mine[index].summary,
                        other=None if other_index is None else theirs[other_index].summary,
                    )
                )
        return found

    def _outputs(self, payload: StepPayload) -> Json:
        handles = comparable(payload.handle_outputs, self._input_files)
        # The oldest generations repeat the outputs in another form.
        typed = {} if handles or payload.output is None else {"output": payload.output}
        return {"handle_outputs": handles, **typed}

    def _keep(self, entry: _Entry) -> None:
        """Keep a compared entry of a loop for a while, drop any other."""
        if not entry.summary.loops or not entry.held:
            self._release(entry)
            return
        self._compared.append(entry)
        self._kept_bytes += entry.size
        while self._kept_bytes > MAX_KEPT_BYTES:
            oldest = self._compared.popleft()
            self._kept_bytes -= oldest.size
            self._release(oldest)

    def _release(self, entry: _Entry) -> None:
        if entry.held:
            entry.inputs = entry.outputs = entry.sealed = None
            entry.held = False
            self.held_bytes -= entry.size


def _aligned(places: dict[_Key, _Slot]) -> dict[_Key, _Slot]:
    """Return the slots, with iterations of the other run's outermost loops renumbered."""
    numbers: dict[str, dict[int, int | None]] = {
        container: renumbered(*_iterations(places, container))
        for container in {loops[0][0] for _, loops in places if loops}
    }
    if all(n == own for known in numbers.values() for own, n in known.items()):
        return places
    found: dict[_Key, _Slot] = {}
    for key, place in places.items():
        mine, theirs = place.entries
        moved = _renumbered_key(key, numbers)
        if moved == key:
            same = found.setdefault(key, _Slot())
            same.entries[0].extend(mine)
            same.entries[1].extend(theirs)
            same.first = place.first
            continue
        if mine:
            found.setdefault(key, _Slot()).entries[0].extend(mine)
        if theirs:
            found.setdefault(moved, _Slot()).entries[1].extend(theirs)
    return found


def _renumbered_key(key: _Key, numbers: Mapping[str, Mapping[int, int | None]]) -> _Key:
    block_id, loops = key
    container, number = loops[0] if loops else ("", None)
    known = numbers.get(container, {})
    if number is None or number not in known:
        return key
    # A step that only the other run has must not share a slot with one of the first run.
    mapped = known[number]
    return block_id, ((container, ~number if mapped is None else mapped), *loops[1:])


def _iterations(
    places: Mapping[_Key, _Slot], container: str
) -> tuple[dict[int, Iteration], dict[int, Iteration]]:
    """Return what identifies each iteration of an outermost loop, in both runs."""
    found: tuple[dict[int, Iteration], dict[int, Iteration]] = ({}, {})
    started: tuple[dict[int, tuple[datetime, str]], ...] = ({}, {})
    for (block_id, loops), place in places.items():
        if not loops or loops[0][0] != container or loops[0][1] is None:
            continue
        number = loops[0][1]
        for side in (0, 1):
            for entry in place.entries[side]:
                known = found[side].setdefault(number, Iteration())
                outcome = entry.summary.status, entry.inputs_print, entry.outputs_print
                known.all.append((block_id, loops[1:], *outcome))
                start = entry.summary.started_at or _NEVER, block_id
                if entry.has_inputs and start < started[side].get(number, (_NEVER, block_id)):
                    started[side][number] = start
                    known.first = entry.inputs_print
    return found


def _sequence(entries: list[_Entry]) -> list[Hashable]:
    return [(entry.summary.status, entry.outputs_print) for entry in entries]


def _compare(mine: _Entry, theirs: _Entry) -> StepPair:
    """Return the pair of two steps, whose payloads are open unless they came as the same bytes."""
    known = mine.held and theirs.held
    changes: tuple[PathChange, ...] = ()
    differ = mine.outputs_print != theirs.outputs_print
    if differ and known:
        changes = path_changes(mine.outputs, theirs.outputs)
        # The order of members changes the fingerprint, but not the value.
        differ = bool(changes)
    same_inputs = mine.inputs_print == theirs.inputs_print
    if not same_inputs and known:
        same_inputs = next(differences(mine.inputs, theirs.inputs), None) is None
    return StepPair(
        step=mine.summary,
        other=theirs.summary,
        same_inputs=same_inputs if mine.has_inputs or theirs.has_inputs else None,
        outputs_differ=differ,
        changes=changes,
    )


def _key(step: StepSummary) -> _Key:
    return step.block_id, tuple(
        (position.container_id, iteration_number(position)) for position in step.loops
    )
