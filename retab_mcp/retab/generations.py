"""Which routes serve which generation of the API, and what is known to work for whom.

The generation is found out, never configured: the shape of a run tells it, and where no run is
at hand the newest route is tried first (API contract, 1 and 1.2).
"""

from typing import Literal, TypeAlias

from cachetools import LRUCache

Resource: TypeAlias = Literal["steps", "artifact", "experiment_job", "graph"]
Family: TypeAlias = Literal[
    "flat", "nested", "by_id", "by_operation", "primitive", "result_of_run", "version", "run_config"
]

# One server and credential: the base URL and the credential's fingerprint.
Caller: TypeAlias = tuple[str, str]

# Callers whose routes are remembered; a forgotten one costs a few requests more.
MAX_REMEMBERED_CALLERS = 1_000

# Newest first: the order in which routes are tried.
_FAMILIES: dict[Resource, tuple[Family, ...]] = {
    "steps": ("flat", "nested"),
    "artifact": ("by_id", "by_operation", "primitive"),
    "experiment_job": ("flat", "result_of_run", "nested"),
    "graph": ("version", "flat", "run_config", "nested"),
}

# One column for each resource, in the order of _FAMILIES.
_SERVED_BY: dict[str, tuple[Family, ...]] = {
    "g1": ("nested", "primitive", "nested", "run_config"),
    "g2a": ("nested", "primitive", "nested", "run_config"),
    "g2b": ("nested", "by_operation", "nested", "run_config"),
    "g2c": ("nested", "by_operation", "result_of_run", "run_config"),
    "g2d": ("flat", "by_id", "flat", "flat"),
    "g2e": ("flat", "by_id", "flat", "version"),
    "g3": ("flat", "by_id", "flat", "version"),
}


class RouteCache:
    """What worked for whom: the generation of the last run read, the routes to each resource.

    Bounded in callers. Only successes are remembered, and they only order what is tried: a
    server that has been upgraded since is still found out.
    """

    def __init__(self) -> None:
        self._generations: LRUCache[Caller, str] = LRUCache(MAX_REMEMBERED_CALLERS)
        self._families: LRUCache[tuple[Caller, Resource, str | None], Family] = LRUCache(
            MAX_REMEMBERED_CALLERS * len(_FAMILIES) * 2
        )

    def order(
        self, caller: Caller, resource: Resource, generation: str | None = None
    ) -> tuple[Family, ...]:
        """All families of routes to `resource`, the likeliest first, then the newest.

        The likeliest is the one that worked last, for runs of the same shape where `generation`
        is known from one; then that of the generation, or of the last run's.
        """
        likeliest = self._families.get((caller, resource, generation)) or _served_by(
            generation or self._generations.get(caller), resource
        )
        newest_first = _FAMILIES[resource]
        if likeliest is None:
            return newest_first
        return (likeliest, *(family for family in newest_first if family != likeliest))

    def remember_run(self, caller: Caller, generation: str) -> None:
        """Note that a run of this generation (g1 … g3) was read."""
        self._generations[caller] = generation

    def remember(
        self, caller: Caller, resource: Resource, family: Family, generation: str | None = None
    ) -> None:
        """Note that this family of routes answered, about a run of `generation` if any."""
        self._families[(caller, resource, generation)] = family
        self._families[(caller, resource, None)] = family


def _served_by(generation: str | None, resource: Resource) -> Family | None:
    families = _SERVED_BY.get(generation or "")
    return dict(zip(_FAMILIES, families, strict=True))[resource] if families else None


def has_flat_steps(generation: str) -> bool:
    """Return whether steps of this generation have routes of their own, which tell all of them."""
    return _served_by(generation, "steps") == "flat"
