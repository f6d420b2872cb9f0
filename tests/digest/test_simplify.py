import pytest

from retab_mcp.digest.encode import tokens
from retab_mcp.digest.shape import shape
from retab_mcp.digest.simplify import simpler_until

ROWS = [
    {
        "sku": f"S{n}",
        "qty": n,
        "currency": "EUR",
        "address": {"city": "Bonn", "zip": [n, n]},
        "mixed": n if n % 2 else str(n),
    }
    for n in range(50)
]
DESCRIPTION = shape(ROWS).description


@pytest.mark.parametrize("room", range(4, 200, 7))
def test_the_description_fits_its_room(room: int) -> None:
    simpler = simpler_until(DESCRIPTION, room)
    assert simpler is None or tokens(simpler) <= room


def test_with_room_nothing_is_lost() -> None:
    assert simpler_until(DESCRIPTION, 1000) is DESCRIPTION


def test_keys_and_types_outlast_ranges_and_values() -> None:
    assert simpler_until(DESCRIPTION, 62) == {
        "type": "object",
        "keys": {
            "sku": "string",
            "qty": "integer",
            "currency": "string",
            "address": {
                "type": "object",
                "keys": {"city": "string", "zip": {"type": "array", "items": "integer"}},
            },
            "mixed": "string or integer",
        },
    }
    assert simpler_until(DESCRIPTION, 30) == {
        "type": "object",
        "keys": ["sku", "qty", "currency", "address", "mixed"],
    }
    assert simpler_until(DESCRIPTION, 8) == "object"
    assert simpler_until(DESCRIPTION, 2) is None
