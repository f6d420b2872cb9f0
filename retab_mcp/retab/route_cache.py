"""Which routes to try first, by what worked before.

The generation of a server is detected, never configured: by the shape of a run where one was
read, otherwise by trying the newest route first.
"""

from typing import TypeAlias

from cachetools import LRUCache

from retab_mcp.retab.generations.generation import Family, Resource
from retab_mcp.retab.generations.registry import families, generation_named

# One server and credential: the base URL and the credential's fingerprint.
CallerKey: TypeAlias = tuple[str, str]

# A caller that drops out of the cache costs a few more requests.
MAX_CACHED_CALLERS = 1_000

# A caller has at most this many entries: four resources, each for runs of a few generations.
_ENTRIES_PER_CALLER = 8


class RouteCache:
    """Remembers for each caller the generation of the last run and the routes that worked.

    Bounded in callers. Only successes are stored, and they only set the order in which routes
    are tried, so that an upgraded server is still detected.
    """

    def __init__(self) -> None:
        self._generations: LRUCache[CallerKey, str] = LRUCache(MAX_CACHED_CALLERS)
        self._families: LRUCache[tuple[CallerKey, Resource, str | None], Family] = LRUCache(
            MAX_CACHED_CALLERS * _ENTRIES_PER_CALLER
        )

    def order(
        self, caller: CallerKey, resource: Resource, generation: str | None = None
    ) -> tuple[Family, ...]:
        """Return all families of routes to `resource` in the order in which to try them.

        First the one that last worked (for runs of `generation`, where given), then those of the
        generation, or of the last run's, then the rest, newest first.
        """
        worked = self._families.get((caller, resource, generation))
        detected = generation_named(generation or self._generations.get(caller))
        return tuple(
            dict.fromkeys(
                (
                    *((worked,) if worked else ()),
                    *(detected.families[resource] if detected and not worked else ()),
                    *families(resource),
                )
            )
        )

    def remember_run(self, caller: CallerKey, generation: str) -> None:
        """Store that a run of this generation was read."""
        self._generations[caller] = generation

    def remember(
        self, caller: CallerKey, resource: Resource, family: Family, generation: str | None = None
    ) -> None:
        """Store that this family of routes worked, for runs of `generation` where given."""
        self._families[(caller, resource, generation)] = family
        self._families[(caller, resource, None)] = family
