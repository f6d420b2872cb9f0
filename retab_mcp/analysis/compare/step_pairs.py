"""The steps of two runs, paired as they are read, and what differs in each pair."""

import hashlib
from collections import Counter, deque
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

import pydantic_core

from retab_mcp.analysis.compare.array_alignment import align_keys
from retab_mcp.analysis.compare.iteration_alignment import Iteration, renumbered
from retab_mcp.analysis.compare.json_diff import Change, differences
from retab_mcp.analysis.loops.containers import iteration_number
from retab_mcp.analysis.summary import short
from retab_mcp.models import Json, Step, StepPayload, StepSummary

# Bytes, as JSON, of payloads that wait for their counterpart in the other run. Beyond, the oldest
# are let go, and only whether they differ is known.
MAX_HELD_BYTES = 64 * 1024 * 1024
# Changes that are counted in one step; who differs in more differs altogether.
MAX_CHANGES = 2_000
# Paths (rows of an array as one) that are told apart in one step.
MAX_PATHS = 20
# Tokens of a value that changed; get_step has the whole of it.
VALUE_TOKENS = 40
# A text up to here needs no cutting, and no counting of its tokens.
SHORT_TEXT = 60
# 16 bytes: two different payloads of the same fingerprint are not to be expected.
_DIGEST_BYTES = 16

# A block and, from the outermost loop inwards, container and iteration.
_Key = tuple[str, tuple[tuple[str, int | None], ...]]
_NEVER = datetime.max.replace(tzinfo=UTC)

# Fields of a file handle that differ each time it is read.
_VOLATILE = ("download_url", "expires_at")


@dataclass(frozen=True, slots=True)
class PathChange:
    """What changed at one path: in the rows of an array, at `count` of them.

    `change` is the first of them, its values short enough to be shown.
    """

    change: Change
    count: int


@dataclass(frozen=True, slots=True)
class StepPair:
    """A step of the one run, of the other, or the same step of both.

    `same_inputs` is None where neither had any. `changes` are those of the outputs, by pointers
    that get_step takes; `outputs_differ` holds also where they are not known (payloads that were
    too large to wait for each other).
    """

    step: StepSummary | None
    other: StepSummary | None
    same_inputs: bool | None = None
    outputs_differ: bool = False
    changes: tuple[PathChange, ...] = ()


@dataclass(slots=True)
class _Entry:
    """A step as it waits for its counterpart."""

    summary: StepSummary
    inputs_print: bytes
    outputs_print: bytes
    has_inputs: bool
    inputs: Json
    outputs: Json
    size: int
    held: bool = True


@dataclass(slots=True)
class _Place:
    """The steps of both runs at one place (block and loop iterations); mostly one of each."""

    entries: tuple[list[_Entry], list[_Entry]] = field(default_factory=lambda: ([], []))
    first: StepPair | None = None


class StepPairs:
    """Pairs the steps of two runs by block and iterations, in any order of arrival.

    `input_files` are the ids of the files that the runs were started with. The other files were
    made in the runs, where each gets a new id: these are not compared.
    """

    def __init__(self, input_files: Collection[str] = ()) -> None:
        self._input_files = frozenset(input_files)
        self._places: dict[_Key, _Place] = {}
        self._waiting: deque[_Entry] = deque()
        self._held_bytes = 0

    def add(self, side: int, step: Step) -> None:
        """Take a step of the first run (`side` 0) or the other one (1)."""
        place = self._places.setdefault(_key(step.summary), _Place())
        entry = self._entry(step)
        mine, theirs = place.entries[side], place.entries[1 - side]
        mine.append(entry)
        if len(mine) == len(theirs) == 1:
            place.first = _compare(place.entries[0][0], place.entries[1][0])
            self._release(mine[0])
            self._release(theirs[0])
            return
        self._waiting.append(entry)
        while self._held_bytes > MAX_HELD_BYTES:
            self._release(self._waiting.popleft())

    def pairs(self) -> list[StepPair]:
        """Return all pairs, and the steps that are in one run only.

        Of a loop that has more iterations in one run, those belong together that are equal;
        outputs of those that have another number there are not compared by path.
        """
        return [pair for place in _aligned(self._places).values() for pair in _pairs_at(place)]

    def _entry(self, step: Step) -> _Entry:
        inputs = _comparable(step.payload.handle_inputs, self._input_files)
        outputs = self._outputs(step.payload)
        inputs_json, outputs_json = _json(inputs), _json(outputs)
        size = len(inputs_json) + len(outputs_json)
        self._held_bytes += size
        return _Entry(
            summary=step.summary,
            inputs_print=_print(inputs_json),
            outputs_print=_print(outputs_json),
            has_inputs=bool(inputs),
            inputs=inputs,
            outputs=outputs,
            size=size,
        )

    def _outputs(self, payload: StepPayload) -> Json:
        handles = _comparable(payload.handle_outputs, self._input_files)
        # The oldest generations repeat the outputs in a form of their own.
        typed = {} if handles or payload.output is None else {"output": payload.output}
        return {"handle_outputs": handles, **typed}

    def _release(self, entry: _Entry) -> None:
        if entry.held:
            entry.inputs = entry.outputs = None
            entry.held = False
            self._held_bytes -= entry.size


def path_changes(value: Json, other: Json) -> tuple[PathChange, ...]:
    """Return what differs between two values, rows of an array together, at most MAX_PATHS."""
    first: dict[object, Change] = {}
    counts: Counter[object] = Counter()
    for change in islice(differences(value, other), MAX_CHANGES):
        key = change.kind, change.folded
        first.setdefault(key, change)
        counts[key] += 1
    return tuple(
        PathChange(_to_show(change), counts[key])
        for key, change in islice(first.items(), MAX_PATHS)
    )


def _to_show(change: Change) -> Change:
    # Written out: `replace` takes three times as long, for each step that differs.
    value, other = _shown(change.value), _shown(change.other)
    return Change(change.kind, change.place, change.other_place, value, other)


def _aligned(places: dict[_Key, _Place]) -> dict[_Key, _Place]:
    """Return the places with the iterations of the outermost loops of the other run renumbered."""
    numbers: dict[str, dict[int, int | None]] = {
        container: renumbered(*_iterations(places, container))
        for container in {loops[0][0] for _, loops in places if loops}
    }
    if all(n == own for known in numbers.values() for own, n in known.items()):
        return places
    found: dict[_Key, _Place] = {}
    for key, place in places.items():
        mine, theirs = place.entries
        moved = _renumbered_key(key, numbers)
        if moved == key:
            same = found.setdefault(key, _Place())
            same.entries[0].extend(mine)
            same.entries[1].extend(theirs)
            same.first = place.first
            continue
        if mine:
            found.setdefault(key, _Place()).entries[0].extend(mine)
        if theirs:
            found.setdefault(moved, _Place()).entries[1].extend(theirs)
    return found


def _renumbered_key(key: _Key, numbers: Mapping[str, Mapping[int, int | None]]) -> _Key:
    block_id, loops = key
    container, number = loops[0] if loops else ("", None)
    known = numbers.get(container, {})
    if number is None or number not in known:
        return key
    # What only the other run has must not stand where the first run has something else.
    mapped = known[number]
    return block_id, ((container, ~number if mapped is None else mapped), *loops[1:])


def _iterations(
    places: Mapping[_Key, _Place], container: str
) -> tuple[dict[int, Iteration], dict[int, Iteration]]:
    """Return what the iterations of an outermost loop did, in both runs."""
    found: tuple[dict[int, Iteration], dict[int, Iteration]] = ({}, {})
    began: tuple[dict[int, tuple[datetime, str]], ...] = ({}, {})
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
                if entry.has_inputs and start < began[side].get(number, (_NEVER, block_id)):
                    began[side][number] = start
                    known.first = entry.inputs_print
    return found


def _pairs_at(place: _Place) -> list[StepPair]:
    mine, theirs = place.entries
    if place.first is not None and len(mine) == len(theirs) == 1:
        return [place.first]
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


def _sequence(entries: list[_Entry]) -> list[Hashable]:
    return [(entry.summary.status, entry.outputs_print) for entry in entries]


def _compare(mine: _Entry, theirs: _Entry) -> StepPair:
    known = mine.held and theirs.held
    changes: tuple[PathChange, ...] = ()
    differ = mine.outputs_print != theirs.outputs_print
    if differ and known:
        changes = path_changes(mine.outputs, theirs.outputs)
        # The same members in another order have another fingerprint.
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


def _comparable(handles: Mapping[str, Json], input_files: Collection[str]) -> dict[str, Json]:
    """Return handles without what differs each time that the same thing is done."""
    return {name: _stable(handle, input_files) for name, handle in handles.items()}


def _stable(handle: Json, input_files: Collection[str]) -> Json:
    if not isinstance(handle, dict) or handle.get("document") is None:
        return handle
    stable = {name: value for name, value in handle.items() if name not in _VOLATILE}
    document = handle["document"]
    if isinstance(document, dict) and not _is_one_of(document.get("id"), input_files):
        stable["document"] = {name: value for name, value in document.items() if name != "id"}
    return stable


def _is_one_of(file_id: Json, input_files: Collection[str]) -> bool:
    """Whether this is one of the ids; a payload may hold anything in an id's place."""
    return isinstance(file_id, str) and file_id in input_files


def _json(value: Json) -> bytes:
    try:
        return pydantic_core.to_json(value)
    except (ValueError, RecursionError):
        # Nested too deep to be written: the comparison, which is not, tells whether it differs.
        return repr(id(value)).encode()


def _print(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=_DIGEST_BYTES).digest()


def _shown(value: Json) -> Json:
    if isinstance(value, dict | list) or (isinstance(value, str) and len(value) > SHORT_TEXT):
        return short(value, VALUE_TOKENS)
    return value
