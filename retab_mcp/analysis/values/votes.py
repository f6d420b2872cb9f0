"""Votes of a consensus: where they disagree."""

import heapq
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from retab_mcp.analysis.values.walk import Place, pointer_of
from retab_mcp.models import Json


@dataclass(frozen=True, slots=True)
class Vote:
    """A value and the number of votes for it; `absent` if these votes lack the key."""

    value: Json
    count: int
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A place with different votes, the most frequent first."""

    path: str
    votes: list[Vote]


@dataclass(frozen=True, slots=True)
class Disagreements:
    """The number of disputed places, and the most disputed of them."""

    count: int
    worst: list[Disagreement]


class _Absent:
    """The vote of an answer without the key, which is not the same as null."""


_ABSENT = _Absent()


def disagreements(choices: Sequence[Json], limit: int, prefix: str) -> Disagreements:
    """Compare the answers of a consensus, leaf by leaf.

    Lists of different lengths are one disagreement, about the list. At most `limit` places are
    listed, most disputed first; their pointers begin with `prefix`.
    """
    found: list[tuple[Place, list[Vote]]] = []
    stack: list[tuple[list[Json], Place]] = [(list(choices), None)] if len(choices) > 1 else []
    while stack:
        answers, place = stack.pop()
        if _same_scalar(answers):
            continue
        if all(isinstance(answer, dict) for answer in answers):
            keys = dict.fromkeys(key for answer in answers for key in answer)
            stack.extend(
                ([answer.get(key, _ABSENT) for answer in answers], (place, key))
                for key in reversed(keys)
            )
        elif _lists_of_one_length(answers):
            stack.extend(
                ([answer[index] for answer in answers], (place, index))
                for index in range(len(answers[0]) - 1, -1, -1)
            )
        else:
            votes = count_votes(answers)
            if len(votes) > 1:
                found.append((place, votes))
    # The first of equally disputed ones comes first.
    worst = heapq.nsmallest(limit, found, key=lambda entry: entry[1][0].count)
    return Disagreements(
        len(found),
        [Disagreement(pointer_of(place, prefix), votes) for place, votes in worst],
    )


def _same_scalar(answers: list[Json]) -> bool:
    """Return whether all are the same scalar: true for most leaves, so it is checked first."""
    first = answers[0]
    return not isinstance(first, dict | list) and all(
        type(answer) is type(first) and answer == first for answer in answers
    )


def _lists_of_one_length(answers: list[Json]) -> bool:
    return (
        all(isinstance(answer, list) for answer in answers)
        and len({len(answer) for answer in answers}) == 1
    )


def count_votes(answers: Sequence[Json]) -> list[Vote]:
    """Return the distinct answers with their counts, most frequent first."""
    counts = Counter(_identity(answer) for answer in answers)
    first = {_identity(answer): answer for answer in reversed(answers)}
    return [
        Vote(None, count, absent=True) if first[key] is _ABSENT else Vote(first[key], count)
        for key, count in counts.most_common()
    ]


def _identity(answer: Json) -> str:
    """Return a text that is the same for the same JSON (1 and 1.0 are the same)."""
    if answer is _ABSENT:
        return ""
    if isinstance(answer, float) and answer.is_integer():
        answer = int(answer)
    try:
        return json.dumps(answer, sort_keys=True)
    except RecursionError:
        return f"{type(answer).__name__} {id(answer)}"
