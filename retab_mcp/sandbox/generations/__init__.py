"""The generations of the API that the sandbox serves, oldest first; register a new one here."""

from retab_mcp.sandbox.generation import Generation
from retab_mcp.sandbox.generations.g1 import G1
from retab_mcp.sandbox.generations.g2a import G2a
from retab_mcp.sandbox.generations.g2b import G2b
from retab_mcp.sandbox.generations.g2c import G2c, G2cBare
from retab_mcp.sandbox.generations.g2e import G2e
from retab_mcp.sandbox.generations.g3 import G3

_REGISTERED: dict[str, Generation] = {
    each.name: each for each in (G1(), G2a(), G2b(), G2cBare(), G2c(), G2e(), G3())
}

GENERATIONS = tuple(_REGISTERED)


def generation_named(name: str) -> Generation:
    """Return the generation of this name; ValueError, with the known names, when there is none."""
    if name not in _REGISTERED:
        raise ValueError(f"unknown generation {name!r}: one of {', '.join(GENERATIONS)}")
    return _REGISTERED[name]
