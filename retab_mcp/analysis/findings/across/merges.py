"""Rules about merges: a value that replaced a different one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from retab_mcp.analysis.code_steps import CODE_TYPES
from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.across.step_values import Value, values_of
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.lineage.inputs import inputs_from
from retab_mcp.analysis.payloads.same_meaning import means_nothing, same_meaning
from retab_mcp.analysis.payloads.unit_words import name_words
from retab_mcp.analysis.summary import quoted
from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.analysis.values.walk import Place, path_tokens, pointer_of
from retab_mcp.models import FindingKind, Graph, Json, Status, StepSummary

# Fields named in one finding; the others are counted.
MAX_FIELDS = 3
# Fields that describe how a record was made, so that each source has its own.
_OWN = frozenset(
    {"created_at", "updated_at", "timestamp", "source", "sources", "filename", "file_name", "file"}
    | {"model", "confidence", "confidences", "likelihoods", "reasoning", "page", "pages"}
)
# Words in the names of sources that say which of two values is meant to win.
_YIELDS = frozenset(
    {"default", "defaults", "fallback", "fallbacks", "base", "template", "preset", "vorgabe"}
)
_WINS = frozenset(
    {"override", "overrides", "overwrite", "manual", "correction", "corrections", "corrected"}
    | {"patch", "update", "updates", "latest", "reviewed", "approved"}
)
# Words in the names of functions that merge.
_MERGES = frozenset({"merge", "merges", "merged", "combine", "join", "consolidate"})
# A fast test, since few of thousands of names have such a word.
_MAY_MERGE = re.compile("|".join(sorted(_MERGES)), re.IGNORECASE)
# Names of functions of which it is known whether they merge: those of a large run.
MAX_CACHED_NAMES, LONGEST_CACHED_NAMES = 10_000, 100
# Words in the keys of a merge's configuration that set which of two values wins.
_PRECEDENCE = frozenset(
    {"precedence", "priority", "priorities", "strategy", "conflict", "conflicts", "prefer"}
    | {"preferred", "overwrite", "override", "policy", "wins"}
)


@dataclass(frozen=True, slots=True)
class _Source:
    """An input of a merge: its value, its handle, and the words that name it."""

    value: Json
    place: Place
    name: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Conflict:
    """A field with different values: the one that was kept, and one that was dropped."""

    place: Place
    kept: Json
    winner: _Source
    dropped: Json
    loser: _Source


def find_overwritten_values(facts: RunFacts) -> Iterator[Finding]:
    """Yield a finding for each merge whose output has one of two different values of a field."""
    for step in facts.steps:
        if not is_merge(step) or step.status != Status.COMPLETED:
            continue
        values = values_of(step, facts)
        if values is None or len(values.inputs) < 2 or _sets_precedence(step, facts.graph):
            continue
        sources = [_source(step, value, facts) for value in values.inputs]
        found = [
            conflict
            for output in values.outputs
            for conflict in _conflicts(sources, output)
            if not _is_meant(conflict)
        ]
        if found:
            yield _finding(found).about(step)


def is_merge(step: StepSummary) -> bool:
    """Return whether a step merges records: a merge block, or a function that is called so."""
    if (step.type or "").startswith("merge"):
        return True
    if step.type not in CODE_TYPES:
        return False
    names = (step.label or "", step.block_id)
    is_short = len(names[0]) + len(names[1]) <= LONGEST_CACHED_NAMES
    return _cached_names_merge(*names) if is_short else _names_merge(*names)


def _names_merge(*names: str) -> bool:
    return any(_MAY_MERGE.search(name) and name_words(name) & _MERGES for name in names)


# Several rules ask it of every step.
_cached_names_merge = lru_cache(MAX_CACHED_NAMES)(_names_merge)


def _source(step: StepSummary, value: Value, facts: RunFacts) -> _Source:
    data, place = value
    handle = str(path_tokens(place)[1])
    made = inputs_from(step, facts.steps, facts.graph).get(handle) if facts.graph else None
    texts = (handle, made.label or "", made.block_id) if made else (handle,)
    name = f"{made.block_id} ({handle})" if made else handle
    return _Source(data, place, name, frozenset().union(*map(name_words, texts)))


def _conflicts(sources: Sequence[_Source], output: Value) -> Iterator[_Conflict]:
    """Yield the fields of `output` for which sources had different values."""
    stack: list[tuple[Json, Place, list[tuple[Json, _Source]]]] = [
        (*output, [(source.value, source) for source in sources])
    ]
    while stack:
        made, place, given = stack.pop()
        if not isinstance(made, dict):
            continue
        records = [(value, source) for value, source in given if isinstance(value, dict)]
        for name, kept in made.items():
            having = [(value[name], source) for value, source in records if name in value]
            if len(having) < 2 or name.lower() in _OWN:
                continue
            if all(isinstance(value, dict) for value, _ in having):
                stack.append((kept, (place, name), having))
                lost = _lost_object((place, name), kept, having)
                if lost is not None:
                    yield lost
                continue
            conflict = _conflict((place, name), kept, having)
            if conflict is not None and not _survives(conflict.dropped, made, name):
                yield conflict


def _conflict(place: Place, kept: Json, given: list[tuple[Json, _Source]]) -> _Conflict | None:
    winners = [(value, source) for value, source in given if value == kept]
    losers = [
        (value, source)
        for value, source in given
        if not same_meaning(value, kept) and not means_nothing(value)
    ]
    if not winners or not losers:
        return None
    return _Conflict(place, kept, winners[-1][1], *losers[0])


def _lost_object(place: Place, kept: Json, given: list[tuple[Json, _Source]]) -> _Conflict | None:
    """Return the conflict where the object of one source was replaced by that of another.

    The fields that only the replaced object had are lost.
    """
    winners = [source for value, source in given if value == kept]
    if not winners or not isinstance(kept, dict):
        return None
    for value, source in given:
        lost = {
            name: held
            for name, held in as_dict(value).items()
            if name not in kept and not means_nothing(held)
        }
        if lost:
            return _Conflict(place, kept, winners[-1], lost, source)
    return None


def _survives(dropped: Json, made: dict[str, Json], name: str) -> bool:
    """Return whether the output has the dropped value under another name."""
    return any(value == dropped for other, value in made.items() if other != name)


def _is_meant(conflict: _Conflict) -> bool:
    """Return whether the names of the sources say that this one wins."""
    return bool(conflict.loser.words & _YIELDS or conflict.winner.words & _WINS)


def _sets_precedence(step: StepSummary, graph: Graph | None) -> bool:
    """Return whether the block is configured which value wins."""
    for block in graph.blocks if graph else ():
        if block.id == step.block_id:
            return any(
                name_words(key) & _PRECEDENCE and value for key, value in block.config.items()
            )
    return False


def _finding(found: list[_Conflict]) -> Finding:
    parts = []
    for conflict in found[:MAX_FIELDS]:
        name = ".".join(map(str, path_tokens(conflict.place)[3:]))
        kept, dropped = (
            f"{len(value)} items" if isinstance(value, list) else quoted(value)
            for value in (conflict.kept, conflict.dropped)
        )
        parts.append(
            f"{name}: kept {kept} of {conflict.winner.name}, "
            f"dropped {dropped} of {conflict.loser.name}"
        )
    if len(found) > MAX_FIELDS:
        parts.append(f"{len(found) - MAX_FIELDS} more fields")
    first = found[0]
    field = str(path_tokens(first.place)[-1])
    dropped_at = (*path_tokens(first.loser.place), *path_tokens(first.place)[3:])
    return Finding(
        FindingKind.VALUE_OVERWRITTEN,
        "; ".join(parts),
        "inputs and outputs",
        paths=(pointer_of(first.place), pointer_of(_place(dropped_at))),
        field=field,
    )


def _place(tokens: tuple[str | int, ...]) -> Place:
    place: Place = None
    for token in tokens:
        place = (place, token)
    return place
