"""Values that the model was unsure of."""

import heapq
from dataclasses import dataclass
from typing import TypeGuard

from retab_mcp.analysis.values.walk import Place, pointer_of
from retab_mcp.models import Json

# Below this a value deserves a look. Votes of 3, 5 or 7 readers agree fully at 1.0; one dissenter
# of three gives 0.67, one of five 0.8.
LOW_LIKELIHOOD = 0.75
# The vendor's roll-ups inside the likelihoods: they repeat what the leaves below them say.
_ROLL_UPS = frozenset({"_consensus_score"})


@dataclass(frozen=True, slots=True)
class LowLikelihood:
    """A value under LOW_LIKELIHOOD: its pointer, the value itself, the likelihood in [0, 1]."""

    path: str
    value: Json
    likelihood: float


@dataclass(frozen=True, slots=True)
class LowLikelihoods:
    """How many values are under LOW_LIKELIHOOD, and the worst of them, worst first."""

    count: int
    worst: list[LowLikelihood]


def low_likelihoods(likelihoods: Json, output: Json, limit: int, prefix: str) -> LowLikelihoods:
    """Return the leaves of `likelihoods` under the threshold, with the value each stands for.

    `likelihoods` mirrors `output`: the same keys and indexes, numbers in [0, 1] as leaves. At
    most `limit` are named; their pointers begin with `prefix`, the pointer of `output`.
    """
    found: list[tuple[float, int, Place, Json]] = []
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
        elif is_likelihood(node) and node < LOW_LIKELIHOOD:
            found.append((node, len(found), place, value))
    worst = heapq.nsmallest(limit, found, key=lambda entry: entry[:2])
    return LowLikelihoods(
        len(found),
        [
            LowLikelihood(pointer_of(place, prefix), value, likelihood)
            for likelihood, _, place, value in worst
        ],
    )


def is_likelihood(value: Json) -> TypeGuard[float]:
    """Return whether `value` is a number that can be a likelihood."""
    return isinstance(value, int | float) and not isinstance(value, bool)
