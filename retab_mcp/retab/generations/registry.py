"""The registered generations of the API, and what follows from all of them."""

from collections.abc import Mapping
from functools import cache

from retab_mcp.models import Json, Run
from retab_mcp.retab.generations.g1 import G1
from retab_mcp.retab.generations.g2a import G2A
from retab_mcp.retab.generations.g2b import G2B
from retab_mcp.retab.generations.g2c import G2C
from retab_mcp.retab.generations.g2d import G2D
from retab_mcp.retab.generations.g2e import G2E
from retab_mcp.retab.generations.g3 import G3
from retab_mcp.retab.generations.generation import Family, Generation, Resource, WireRecord

# Newest first. A new generation is a file next to this one and an entry here.
GENERATIONS: tuple[Generation, ...] = (G3, G2E, G2D, G2C, G2B, G2A, G1)


def detect_generation(run: Mapping[str, Json]) -> Generation:
    """Return the generation whose shape a run has: the newest that recognizes it.

    `run` is a run as the API sent it. One that no generation recognizes counts as the oldest.
    """
    return next((one for one in GENERATIONS if one.recognizes(run)), GENERATIONS[-1])


def generation_named(name: str | None) -> Generation | None:
    """Return the generation of this name, None where there is none."""
    return next((one for one in GENERATIONS if one.name == name), None)


def generation_of(run: Run) -> Generation:
    """Return the generation that a run was detected as."""
    return generation_named(run.generation) or GENERATIONS[0]


def families(resource: Resource) -> tuple[Family, ...]:
    """Return all families of routes to a resource, newest first."""
    return tuple(dict.fromkeys(family for one in GENERATIONS for family in one.families[resource]))


def names(record: WireRecord, field: str) -> tuple[str, ...]:
    """Return the names that a field has had in a kind of record, the current one first."""
    return _names(GENERATIONS, record, field)


def renames(record: WireRecord) -> Mapping[str, str]:
    """Return the older names of the fields in a kind of record, each with the current name."""
    return _renames(GENERATIONS, record)


# Both are looked up for every step of a run; the arguments name the registry, which tests extend.
@cache
def _names(generations: tuple[Generation, ...], record: WireRecord, field: str) -> tuple[str, ...]:
    older = _renames(generations, record)
    return (field, *(name for name, current in older.items() if current == field))


@cache
def _renames(generations: tuple[Generation, ...], record: WireRecord) -> Mapping[str, str]:
    return {
        name: current
        for one in generations
        for name, current in one.older_names.get(record, {}).items()
    }
