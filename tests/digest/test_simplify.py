import pytest

from retab_mcp.digest.compact import json_tokens
from retab_mcp.digest.shape import shape
from retab_mcp.digest.simplify import simplify

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


@pytest.mark.parametrize("budget", range(4, 200, 7))
def test_the_description_fits_its_budget(budget: int) -> None:
    simpler = simplify(DESCRIPTION, budget)
    assert simpler is None or json_tokens(simpler) <= budget


def test_a_large_budget_keeps_the_whole_description() -> None:
    assert simplify(DESCRIPTION, 1000) is DESCRIPTION


def test_keys_and_types_are_dropped_after_ranges_and_values() -> None:
    assert simplify(DESCRIPTION, 62) == {
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
    assert simplify(DESCRIPTION, 30) == {
        "type": "object",
        "keys": ["sku", "qty", "currency", "address", "mixed"],
    }
    assert simplify(DESCRIPTION, 8) == "object"
    assert simplify(DESCRIPTION, 2) is None
