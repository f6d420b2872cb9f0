"""Fold and order the matches of a search in a run."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from retab_mcp.analysis.loops.loop_containers import iteration_number
from retab_mcp.models import ArtifactRef, Json, StepSummary

# Maximum iterations named in a row; all are counted.
MAX_ITERATIONS = 10

# Tokens of a pointer into a step's record before those of its data: handle_outputs, the handle and
# data. In an artifact's record it is the output only.
_HANDLE_TOKENS = 3
_OUTPUT_TOKENS = 1
# Fields of an artifact's record that say how it was made: its schema and settings.
_SETTINGS = frozenset(
    {
        *("json_schema", "schema", "inference_settings", "instructions", "subdocuments"),
        *("categories", "config", "code", "headers"),
    }
)
# Fields of pages that repeat their text word by word, or place it.
_BULK = frozenset(
    {
        *("words", "word_list", "tokens", "layout", "bounding_box", "bounding_boxes", "bbox"),
        *("boxes", "polygon", "coordinates", "geometry"),
    }
)


@dataclass(frozen=True, slots=True)
class Match:
    """A match in a run; matches at the same place in `count` rows of an array are one.

    `step` is None for a match in the run itself, `artifact` is None for a match in the step's own
    record. `path` is a pointer into the record that get_step or get_artifact accepts; `folded` are
    its tokens, None for array indexes. `value` is the value of a key that matched. `iterations`
    are the numbers of the loop's iterations (from 0), if the step is in a loop.
    """

    step: StepSummary | None
    artifact: ArtifactRef | None
    path: str
    is_key: bool
    excerpt: str
    count: int
    folded: tuple[str | None, ...] = ()
    hidden: tuple[str, ...] = ()
    value: Json = None
    iterations: tuple[int, ...] = ()


def without_repeated(matches: Sequence[Match]) -> list[Match]:
    """Return the matches without those in an artifact that the step's outputs repeat."""
    in_steps = {
        _place(match, _HANDLE_TOKENS)
        for match in matches
        if match.artifact is None and match.folded[:1] == ("handle_outputs",)
    }
    return [
        match
        for match in matches
        if match.artifact is None
        or match.folded[:1] != ("output",)
        or _place(match, _OUTPUT_TOKENS) not in in_steps
    ]


def fold_iterations(matches: Iterable[Match]) -> list[Match]:
    """Return the matches, those at one place in the iterations of a block as one."""
    found: dict[object, Match] = {}
    for match in matches:
        number = _number(match)
        one = replace(match, iterations=() if number is None else (number,))
        key: object = id(match)
        if number is not None and match.step is not None:
            operation = match.artifact.operation if match.artifact else None
            key = match.step.block_id, operation, match.folded, match.is_key
        known = found.get(key)
        found[key] = one if known is None else _merged(known, one)
    return list(found.values())


def most_telling_first(matches: Sequence[Match]) -> list[Match]:
    """Return the matches in an order that survives a cut.

    First the earliest in each block, then the others in order, then those in settings and schemas,
    then those in word lists and layouts.
    """
    seen: set[tuple[str | None, int]] = set()
    ranked = []
    for match in matches:
        kind = _kind(match)
        place = match.step.block_id if match.step else None, kind
        ranked.append((kind, place in seen))
        seen.add(place)
    order = sorted(range(len(matches)), key=lambda index: ranked[index])
    return [matches[index] for index in order]


def count_by_place(matches: Iterable[Match]) -> dict[str, int]:
    """Return the number of matches by block, those in the run's own record as `run`."""
    counts: Counter[str] = Counter()
    for match in matches:
        counts[match.step.block_id if match.step else _elsewhere(match)] += match.count
    return dict(counts)


def _elsewhere(match: Match) -> str:
    return "run" if match.artifact is None else "artifacts of unknown steps"


def _place(match: Match, skipped: int) -> tuple[object, ...]:
    step_id = match.step.step_id if match.step else None
    return step_id, match.folded[skipped:], match.is_key, match.excerpt


def _number(match: Match) -> int | None:
    loops = match.step.loops if match.step else ()
    return iteration_number(loops[0]) if loops else None


def _merged(first: Match, later: Match) -> Match:
    numbers = dict.fromkeys([*first.iterations, *later.iterations])
    return replace(first, count=first.count + later.count, iterations=tuple(numbers))


def _kind(match: Match) -> int:
    if any(token in _BULK for token in match.folded):
        return 2
    in_settings = match.artifact is not None and match.folded[:1] and match.folded[0] in _SETTINGS
    return 1 if in_settings else 0
