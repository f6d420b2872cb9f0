"""Align the items of two arrays, so that an inserted or moved item shifts nothing."""

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from math import isclose
from typing import NamedTuple

import pydantic_core

from retab_mcp.digest.hidden import hidden_in, same_text
from retab_mcp.models import Json

# Fields tried as the identity of a row: ids and numbers usually come first.
MAX_IDENTITY_FIELDS = 8
# Share of the shorter array whose identities must be in both arrays.
SHARED_ENOUGH = 0.5
# Maximum pairs of equal keys for aligning arrays, which takes about 0.2 s. Beyond it (arrays of few
# distinct values), items are paired by index.
MAX_EQUAL_PAIRS = 200_000
# Maximum pairs of items compared in a gap between aligned items; in a larger gap, items are paired
# by index.
MAX_GAP_PAIRS = 400

# Numbers at the same index that differ by less than this share are the same number, measured anew.
NEARLY_EQUAL = 1e-6

# The index in the first array and in the other; None where the item is in one of them only.
Aligned = tuple[int | None, int | None]


class Alignment(NamedTuple):
    """The pairs of items of two arrays to compare, without those that have the same JSON text.

    `moved` counts the items that are in both arrays, in another order.
    """

    pairs: list[Aligned]
    moved: int = 0


def align(items: Sequence[Json], others: Sequence[Json], *, exact: bool = False) -> Alignment:
    """Align the items of two arrays.

    Rows are paired by the value of a field that is unique in both arrays, else where they are
    equal, in any order; between those, by the most members in common.
    With `exact`, equal JSON text may still differ by the characters that cleaning removed.
    """
    if _are_rounded(items, others):
        return Alignment([(index, index) for index in range(len(items))])
    token = _exact_token if exact else _token
    tokens, other_tokens = [token(item) for item in items], [token(item) for item in others]
    shorter = min(len(tokens), len(other_tokens))
    start = end = 0
    while start < shorter and tokens[start] == other_tokens[start]:
        start += 1
    while end < shorter - start and tokens[-1 - end] == other_tokens[-1 - end]:
        end += 1
    if len(tokens) == len(other_tokens) == start + end + 1:
        return Alignment([(start, start)])
    middle = slice(start, len(tokens) - end)
    other_middle = slice(start, len(other_tokens) - end)
    found = _align(items[middle], others[other_middle], tokens[middle], other_tokens[other_middle])
    pairs = [
        (None if i is None else i + start, None if j is None else j + start) for i, j in found.pairs
    ]
    differing = [(i, j) for i, j in pairs if i is None or j is None or tokens[i] != other_tokens[j]]
    return Alignment(differing, found.moved)


def _are_rounded(items: Sequence[Json], others: Sequence[Json]) -> bool:
    """Return whether most numbers are those at the same index, or nearly.

    By their text, few of them were equal, and the others were taken for removed and added.
    """
    if len(items) != len(others) or len(items) < 2 or type(items[0]) is not float:
        return False
    pairs = [
        (value, other)
        for value, other in zip(items, others, strict=True)
        if type(value) is float and type(other) is float
    ]
    close = sum(
        value != other and isclose(value, other, rel_tol=NEARLY_EQUAL) for value, other in pairs
    )
    same = sum(value == other for value, other in pairs)
    return close > 0 and (close + same) * 2 > len(items)


def align_keys(keys: Sequence[Hashable], others: Sequence[Hashable]) -> list[Aligned]:
    """Return the pairs of all keys of two sequences: equal ones in any order, others in order."""
    stretches = _stretches(keys, others)
    pairs: list[Aligned] = list(_anywhere(keys, others, stretches))
    for mine, theirs in _gaps(pairs, stretches):
        pairs += _in_order(mine, theirs)
    return _by_place(pairs)


def _token(item: Json) -> Hashable:
    try:
        return pydantic_core.to_json(item)
    except (ValueError, RecursionError):
        # Nested too deep to be written as JSON: equal to nothing, so that it is compared in full.
        return id(item), object()


def _exact_token(item: Json) -> Hashable:
    token = _token(item)
    return (token, hidden_in(item)) if isinstance(token, bytes) else token


def _align(
    items: Sequence[Json],
    others: Sequence[Json],
    tokens: Sequence[Hashable],
    other_tokens: Sequence[Hashable],
) -> Alignment:
    field = _identity(items, others)
    if field is not None:
        tokens, other_tokens = [row[field] for row in items], [row[field] for row in others]
    stretches = _stretches(tokens, other_tokens)
    equal = _anywhere(tokens, other_tokens, stretches)
    pairs: list[Aligned] = list(equal)
    for mine, theirs in _gaps(pairs, stretches):
        pairs += _in_gap(items, others, mine, theirs)
    return Alignment(_by_place(pairs), _out_of_order(j for _, j in sorted(equal)))


def _gaps(
    pairs: Iterable[Aligned], stretches: Iterable[tuple[bool, range, range]]
) -> list[tuple[list[int], list[int]]]:
    """Return the unpaired indexes of both arrays in each stretch that is not equal."""
    taken, other_taken = map(frozenset, zip(*pairs, strict=True)) if pairs else (set(), set())
    return [
        ([i for i in gap if i not in taken], [j for j in other_gap if j not in other_taken])
        for equal, gap, other_gap in stretches
        if not equal
    ]


def _in_gap(
    items: Sequence[Json], others: Sequence[Json], gap: Sequence[int], other_gap: Sequence[int]
) -> list[Aligned]:
    if len(gap) == len(other_gap) or len(gap) * len(other_gap) > MAX_GAP_PAIRS:
        return _in_order(gap, other_gap)
    return _most_in_common(items, others, gap, other_gap)


def _by_place(pairs: Iterable[Aligned]) -> list[Aligned]:
    """Return pairs in the order of the first array.

    An item that only the other array has follows the item that precedes it there.
    """
    placed: list[tuple[int, int, Aligned]] = []
    before = -1
    for pair in sorted(pairs, key=lambda each: -1 if each[1] is None else each[1]):
        index, other_index = pair
        if index is None:
            placed.append((before, 1 + (other_index or 0), pair))
            continue
        placed.append((index, 0, pair))
        before = before if other_index is None else index
    return [pair for *_, pair in sorted(placed, key=lambda each: each[:2])]


def _anywhere(
    keys: Sequence[Hashable],
    others: Sequence[Hashable],
    stretches: Iterable[tuple[bool, range, range]],
) -> list[tuple[int, int]]:
    """Return the pairs of equal keys: those in the same order first, then those that moved."""
    found: list[tuple[int, int]] = []
    waiting: dict[Hashable, deque[int]] = defaultdict(deque)
    left: list[int] = []
    for equal, gap, other_gap in stretches:
        if equal:
            found += zip(gap, other_gap, strict=True)
            continue
        left += gap
        for j in other_gap:
            waiting[others[j]].append(j)
    for i in left:
        if candidates := waiting.get(keys[i]):
            found.append((i, candidates.popleft()))
    return found


def _out_of_order(places: Iterable[int]) -> int:
    """Return how many of `places` must move so that all are in ascending order.

    That is all but the longest ascending subsequence.
    """
    count = 0
    ends: list[int] = []
    for place in places:
        count += 1
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return count - len(ends)


def _stretches(
    keys: Sequence[Hashable], others: Sequence[Hashable]
) -> list[tuple[bool, range, range]]:
    """Return stretches of both sequences in order: equal ones (True) and those between them."""
    counts, other_counts = Counter(keys), Counter(others)
    if sum(count * other_counts[key] for key, count in counts.items()) > MAX_EQUAL_PAIRS:
        return [(False, range(len(keys)), range(len(others)))]
    matcher = SequenceMatcher(None, keys, others, autojunk=False)
    return [
        (word == "equal", range(i, i_end), range(j, j_end))
        for word, i, i_end, j, j_end in matcher.get_opcodes()
    ]


def _in_order(gap: Sequence[int], other_gap: Sequence[int]) -> list[Aligned]:
    shared = min(len(gap), len(other_gap))
    return [
        *zip(gap[:shared], other_gap[:shared], strict=True),
        *((i, None) for i in gap[shared:]),
        *((None, j) for j in other_gap[shared:]),
    ]


def _identity(items: Sequence[Json], others: Sequence[Json]) -> str | None:
    """Return the field that identifies rows in both arrays, None if there is none.

    Of several, return the one whose pairs of rows have the most in common.
    """
    rows = [*items, *others]
    if not items or not others or not all(type(row) is dict for row in rows):
        return None
    best, best_score = None, 0
    for field in list(items[0])[:MAX_IDENTITY_FIELDS]:
        mine, theirs = _by_field(items, field), _by_field(others, field)
        shared = mine.keys() & theirs.keys()
        if len(shared) < SHARED_ENOUGH * min(len(items), len(others)):
            continue
        score = sum(in_common(mine[key], theirs[key]) for key in shared)
        if score > best_score:
            best, best_score = field, score
    return best


def _by_field(rows: Sequence[dict[str, Json]], field: str) -> dict[Hashable, dict[str, Json]]:
    """Return the rows by the value of a field; empty unless texts or integers, all unique."""
    found: dict[Hashable, dict[str, Json]] = {}
    for row in rows:
        key = row.get(field)
        if isinstance(key, bool) or not isinstance(key, str | int) or key in found:
            return {}
        found[key] = row
    return found


def in_common(item: Json, other: Json) -> int:
    """Return how many scalar members two objects have in common; 0 for other values."""
    if type(item) is not dict or type(other) is not dict:
        return 0
    return sum(1 for key, value in item.items() if key in other and _same(value, other[key]))


def _same(value: Json, other: Json) -> bool:
    if isinstance(value, str) and isinstance(other, str):
        return same_text(value, other)
    plain = type(value) is type(other) and type(value) not in (dict, list)
    return plain and bool(value == other)


def _most_in_common(
    items: Sequence[Json], others: Sequence[Json], gap: Sequence[int], other_gap: Sequence[int]
) -> list[Aligned]:
    """Pair the items of a gap, in order, so that pairs have the most in common.

    Dynamic programming: the best pairing for each number of items on either side.
    """
    width = len(other_gap) + 1
    best: list[list[tuple[int, list[Aligned]]]] = [[(0, [])] * width]
    for j in range(1, width):
        best[0][j] = (0, [(None, other) for other in other_gap[:j]])
    for i, index in enumerate(gap, 1):
        row: list[tuple[int, list[Aligned]]] = [(0, [(each, None) for each in gap[:i]])]
        for j, other in enumerate(other_gap, 1):
            score = 1 + 2 * in_common(items[index], others[other])
            options: tuple[tuple[tuple[int, list[Aligned]], int, Aligned], ...] = (
                (best[i - 1][j - 1], score, (index, other)),
                (best[i - 1][j], 0, (index, None)),
                (row[j - 1], 0, (None, other)),
            )
            before, gain, pair = max(options, key=lambda option: option[0][0] + option[1])
            row.append((before[0] + gain, [*before[1], pair]))
        best.append(row)
    return best[-1][-1][1]
