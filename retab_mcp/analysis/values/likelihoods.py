"""Values with a low likelihood."""

import heapq
from dataclasses import dataclass
from typing import TypeGuard

from retab_mcp.analysis.values.walk import Place, pointer_of
from retab_mcp.models import Json

# A value below this is doubtful. With votes, all equal gives 1.0, one of three different 0.67, one
# of five different 0.8.
LOW_LIKELIHOOD = 0.75
# Keys of the vendor's averages inside the likelihoods, which repeat the values below them.
_ROLL_UPS = frozenset({"_consensus_score"})


@dataclass(frozen=True, slots=True)
class LowLikelihood:
    """A value with a low likelihood: its pointer, the value, its likelihood from 0 to 1."""

    path: str
    value: Json
    likelihood: float


@dataclass(frozen=True, slots=True)
class LowLikelihoods:
    """The number of values with a low likelihood, and the worst of them, worst first."""

    count: int
    worst: list[LowLikelihood]


def low_likelihoods(
    likelihoods: Json, output: Json, limit: int, prefix: str, below: float = LOW_LIKELIHOOD
) -> LowLikelihoods:
    """Return the likelihoods under `below`, each with its value.

    `likelihoods` mirrors `output`: the same keys and indexes, with numbers from 0 to 1 as leaves.
    At most `limit` are listed; their pointers begin with `prefix`, the pointer of `output`.
    """
    found: list[tuple[float, Place, Json]] = []
    stack: list[tuple[Json, Json, Place]] = [(likelihoods, output, None)]
    while stack:
        node, value, place = stack.pop()
        if isinstance(node, dict):
            for key, child in reversed(node.items()):
                if key not in _ROLL_UPS:
                    inner = value.get(key) if isinstance(value, dict) else None
                    stack.append((child, inner, (place, key)))
        elif isinstance(node, list):
            size = len(value) if isinstance(value, list) else 0
            for index in range(len(node) - 1, -1, -1):
                inner = value[index] if index < size else None
                stack.append((node[index], inner, (place, index)))
        elif is_likelihood(node) and node < below:
            found.append((node, place, value))
    # The first of equally low ones comes first.
    worst = heapq.nsmallest(limit, found, key=lambda entry: entry[0])
    return LowLikelihoods(
        len(found),
        [
            LowLikelihood(pointer_of(place, prefix), value, likelihood)
            for likelihood, place, value in worst
        ],
    )


def is_likelihood(value: Json) -> TypeGuard[float]:
    """Return whether `value` is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
