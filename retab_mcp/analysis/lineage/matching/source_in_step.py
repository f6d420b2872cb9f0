"""Find what in a step's inputs became a value in its outputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from retab_mcp.analysis.lineage.matching.function_source import Fate, Recipe
from retab_mcp.analysis.lineage.matching.key_names import NameMatch, match_names
from retab_mcp.analysis.lineage.matching.leaves import (
    Leaf,
    Tokens,
    containers,
    innermost_key,
    leaves,
    value_at,
)
from retab_mcp.analysis.lineage.matching.likeness import Likeness, Wanted, is_distinctive, same
from retab_mcp.models import Json
from retab_mcp.models.lineage import How, KnownBy

# Equally likely sources that are followed, and other values that are named.
MAX_SOURCES = 3
MAX_OTHERS = 3
# Fields next to a value that are compared to find the item it came from.
_MAX_NEIGHBOURS = 12
# Fields with an equal value whose neighbours are compared; more are told apart by place only.
_MAX_COMPARED = 400


@dataclass(frozen=True)
class Source:
    """A place in a step's inputs: `tokens` from the handle down, and the value there."""

    tokens: Tokens
    value: Json


@dataclass(frozen=True)
class Provenance:
    """What a step did with a value.

    `sources` are the equally likely places that it came from; none if the step made it, from
    `made_of` where that is known; `lacks` are the keys that its source reads and its inputs lack.
    `others` could have been taken instead.
    """

    how: How
    known_by: KnownBy | None = None
    sources: tuple[Source, ...] = ()
    others: tuple[Source, ...] = ()
    made_of: tuple[Source, ...] = ()
    lacks: tuple[str, ...] = ()
    may_be_made: bool = False


@dataclass(frozen=True)
class Output:
    """A value in a step's outputs: `handles` are all of them, `tokens` begin with the handle."""

    handles: Mapping[str, Json]
    tokens: Tokens
    value: Json

    @property
    def key(self) -> str:
        """The innermost key of the value."""
        return innermost_key(self.tokens[2:])

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all fields of the outputs."""
        return frozenset(leaf.key for leaf in leaves(self.handles))

    @cached_property
    def neighbours(self) -> list[Wanted]:
        """The telling values next to this one, which show the item that it came from."""
        _, parent = value_at(self.handles, self.tokens[:-1])
        if not isinstance(parent, dict):
            return []
        own = self.tokens[-1]
        telling = [value for key, value in parent.items() if key != own and is_distinctive(value)]
        scalars = [value for value in telling if not isinstance(value, dict | list)]
        return [Wanted(value) for value in scalars[:_MAX_NEIGHBOURS]]


@dataclass
class _Candidate:
    leaf: Leaf
    likeness: Likeness
    names: NameMatch
    neighbours: int = 0
    by_source: bool = False
    aligned: bool = False
    gone: bool = False
    output: Output = field(repr=False, kw_only=True)

    @property
    def rank(self) -> tuple[int, ...]:
        tokens = self.leaf.tokens
        wanted = self.output.tokens
        return (
            self.by_source,
            2 * self.names + self.likeness,
            self.gone,
            self.neighbours,
            self.aligned,
            tokens[2:] == wanted[2:],
            bool(self.names) and tokens[2:-1] == wanted[2:-1],
        )


def source_in_step(
    output: Output, inputs: Mapping[str, Json], recipes: Sequence[Recipe] = ()
) -> Provenance:
    """Return what in `inputs`, the input handles of a step, became `output`.

    `recipes` are those of the output's key in the source of a function, where it is known.
    """
    if isinstance(output.value, dict | list) and output.value:
        return _container(output, inputs)
    named, equal = _candidates(output, inputs, recipes)
    if len(recipes) == 1 and not _copies(recipes[0], named):
        return _made(output, inputs, recipes[0].keys)
    credible = [each for each in named if _is_credible(each, named, equal)]
    if credible:
        return _chosen(output, credible, inputs)
    if equal and not recipes:
        sources = tuple(_source(leaf) for leaf in equal[:MAX_SOURCES])
        return Provenance(How.UNKNOWN, None, sources, may_be_made=True)
    return _made(output, inputs, recipes[0].keys if recipes else ())


def _candidates(
    output: Output, inputs: Mapping[str, Json], recipes: Sequence[Recipe]
) -> tuple[list[_Candidate], list[Leaf]]:
    """Return the fields like the output, and those that are only equal by chance perhaps."""
    wanted = Wanted(output.value)
    read = frozenset(leaf.key for leaf in leaves(inputs))
    keys = {key for recipe in recipes for key in recipe.keys}
    found: list[_Candidate] = []
    by_chance: list[Leaf] = []
    for leaf in leaves(inputs):
        likeness = wanted.likeness(leaf.value)
        if likeness is None or (recipes and leaf.key not in keys):
            continue
        one = _Candidate(leaf, likeness, match_names(leaf.key, output.key), output=output)
        one.by_source = leaf.key in keys
        if len(found) + len(by_chance) < _MAX_COMPARED:
            one.neighbours = _shared(output, leaf)
        one.aligned = _is_aligned(output, inputs, leaf.tokens)
        one.gone = output.key not in read and leaf.key not in output.keys
        if one.names >= NameMatch.VARIANT or one.by_source or wanted.distinctive:
            found.append(one)
        elif likeness >= Likeness.REFORMATTED:
            if one.gone or one.neighbours:
                found.append(one)
            by_chance.append(leaf)
    return found, by_chance


def _is_credible(one: _Candidate, all_found: list[_Candidate], equal: list[Leaf]) -> bool:
    if one.by_source or one.names is NameMatch.SAME:
        return True
    telling = is_distinctive(one.output.value)
    if one.likeness is Likeness.WITHIN:
        return telling and not any(other.likeness > one.likeness for other in all_found)
    if telling:
        return True
    if one.output.value is None:
        return False
    # A short value under another name: in the item that it came from, it must be the only one, or
    # the only one whose own name is gone.
    place = _indexes(one.leaf.tokens)
    rivals = [leaf for leaf in equal if leaf is not one.leaf and _indexes(leaf.tokens) == place]
    if one.gone:
        return not any(leaf.key not in one.output.keys for leaf in rivals)
    if one.neighbours:
        return not rivals and not isinstance(one.output.value, bool)
    return one.names is NameMatch.VARIANT and len(all_found) == 1


def _copies(recipe: Recipe, named: Sequence[_Candidate]) -> bool:
    """Return whether the output can be a value that its recipe reads, rather than be made of it."""
    return recipe.fate is not Fate.MAKES and any(one.by_source for one in named)


def _chosen(
    output: Output, credible: Sequence[_Candidate], inputs: Mapping[str, Json]
) -> Provenance:
    ordered = sorted(credible, key=lambda one: one.rank, reverse=True)
    best = ordered[0]
    tied = [one for one in ordered if one.rank == best.rank]
    how = _how(best, output)
    by_place = output.value is None or not is_distinctive(output.value)
    known_by = KnownBy.POSITION if by_place else KnownBy.EQUAL_VALUE
    if best.by_source:
        known_by = KnownBy.RECORD
    others = [_source(one.leaf) for one in ordered if one.rank != best.rank]
    return Provenance(
        how,
        known_by,
        tuple(_source(one.leaf) for one in tied[:MAX_SOURCES]),
        (*_same_name(output, inputs, best), *others)[:MAX_OTHERS],
    )


def _how(one: _Candidate, output: Output) -> How:
    if one.likeness is not Likeness.EQUAL:
        return How.REFORMATTED
    return How.PASSED_ON if one.leaf.key == output.key else How.RENAMED


def _same_name(output: Output, inputs: Mapping[str, Json], best: _Candidate) -> tuple[Source, ...]:
    """Return a field of the output's own name and path whose value was not taken."""
    if best.names is NameMatch.SAME:
        return ()
    for handle in inputs:
        there, value = value_at(inputs, (handle, *output.tokens[1:]))
        if there and not same(value, output.value):
            return (Source((handle, *output.tokens[1:]), value),)
    return ()


def _made(output: Output, inputs: Mapping[str, Json], keys: Sequence[str]) -> Provenance:
    """Return that the step made the value, with the fields that it is made of.

    These are the fields named `keys`, from the function's source, else those of its own name; for a
    null also those of a related name, whose value got lost.
    """
    parts = list(_summed(output, inputs))
    if not parts:
        least = NameMatch.RELATED if output.value is None else NameMatch.SAME
        numbers = _indexes(output.tokens)
        for leaf in leaves(inputs):
            named = leaf.key in keys or (
                (not keys or output.value is None) and match_names(leaf.key, output.key) >= least
            )
            lost = output.value is not None or leaf.value is not None
            if named and lost and _indexes(leaf.tokens) in ((), numbers):
                parts.append(_source(leaf))
            if len(parts) == MAX_OTHERS:
                break
    known_by = KnownBy.RECORD if keys else None
    lacks = tuple(key for key in keys if key not in _keys(inputs))
    return Provenance(How.COMPUTED, known_by, made_of=tuple(parts[:MAX_OTHERS]), lacks=lacks)


def _keys(inputs: Mapping[str, Json]) -> set[str]:
    """Return every key in the inputs, also those of objects and lists."""
    found = {leaf.key for leaf in leaves(inputs)}
    return found | {innermost_key(tokens) for tokens, _ in containers(inputs)}


def _summed(output: Output, inputs: Mapping[str, Json]) -> tuple[Source, ...]:
    """Return the list whose numbers under one key add up to the output."""
    value = output.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ()
    for tokens, items in containers(inputs):
        if not isinstance(items, list) or len(items) < 2 or not isinstance(items[0], dict):
            continue
        for key, first in items[0].items():
            if isinstance(first, int | float) and not isinstance(first, bool):
                numbers = [item.get(key) for item in items if isinstance(item, dict)]
                if all(_is_number(number) for number in numbers):
                    total = sum(number for number in numbers if number is not None)
                    if abs(total - value) < 0.005:
                        return (Source((*tokens, f"0-{len(items)}", key), total),)
    return ()


def _is_number(value: Json) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _container(output: Output, inputs: Mapping[str, Json]) -> Provenance:
    """Find an object or list, which must be equal as a whole."""
    found = [
        Source(tokens, value)
        for tokens, value in containers(inputs)
        if type(value) is type(output.value) and same(value, output.value)
    ]
    if not found:
        return Provenance(How.COMPUTED)
    named = [each for each in found if each.tokens[2:] == output.tokens[2:]]
    named = named or [each for each in found if innermost_key(each.tokens) == output.key]
    chosen = tuple((named or found)[:MAX_SOURCES])
    renamed = innermost_key(chosen[0].tokens[2:]) != output.key
    return Provenance(How.RENAMED if renamed else How.PASSED_ON, KnownBy.EQUAL_VALUE, chosen)


def _shared(output: Output, leaf: Leaf) -> int:
    """Return how many values next to the output are also next to `leaf`."""
    if not isinstance(leaf.parent, dict) or not (_indexes(leaf.tokens) and _indexes(output.tokens)):
        return 0
    others = [
        value
        for value in leaf.parent.values()
        if value is not leaf.value and not isinstance(value, dict | list)
    ][: 4 * _MAX_NEIGHBOURS]
    return sum(
        any((wanted.likeness(other) or 0) >= Likeness.REFORMATTED for other in others)
        for wanted in output.neighbours
    )


def _is_aligned(output: Output, inputs: Mapping[str, Json], tokens: Tokens) -> bool:
    """Return whether both are the same item of lists of the same length, or in no list."""
    numbers, others = _indexes(output.tokens), _indexes(tokens)
    if numbers != others:
        return False
    return not numbers or _length(output.handles, output.tokens) == _length(inputs, tokens)


def _length(handles: Mapping[str, Json], tokens: Tokens) -> int:
    """Return the length of the outermost list on the way to `tokens`."""
    first = next(at for at, token in enumerate(tokens) if isinstance(token, int))
    return len(value_at(handles, tokens[:first])[1])


def _indexes(tokens: Tokens) -> Tokens:
    return tuple(token for token in tokens if isinstance(token, int))


def _source(leaf: Leaf) -> Source:
    return Source(leaf.tokens, leaf.value)
