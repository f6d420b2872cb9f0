import pytest
from inline_snapshot import snapshot

from retab_mcp.digest.compact import json_tokens
from retab_mcp.digest.shape import shape
from retab_mcp.digest.simplify import simplify
from retab_mcp.safety.nodes import Json

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


OF_ROWS = {
    "type": "object",
    "keys": {
        "qty": {
            "present": 8,
            "type": "integer",
            "null": 2,
            "min": 1,
            "max": 90,
            "values": {"1": 6},
        },
        "note": {"type": "string", "length": [90, 200]},
        "lines": {
            "type": "array",
            "length": [1, 9],
            "items": {
                "type": "object",
                "keys": {
                    "tax": {
                        "type": "object",
                        "map_of": {
                            "type": "array",
                            "length": 3,
                            "items": {"type": "number", "min": 0, "max": 1},
                        },
                    }
                },
            },
        },
        "code": {"types": {"string": 5, "integer": 3}, "values": {"A": 5}},
    },
}
OF_ARRAYS = {
    "type": "array",
    "length": [1, 40],
    "items": {
        "type": "object",
        "length": [70, 80],
        "map_of": {
            "type": "array",
            "length": 2,
            "items": {
                "type": "array",
                "items": {"type": "array", "empty": 3, "length": [0, 4], "items": "string"},
            },
        },
    },
}


def levels_of_detail(description: Json) -> list[Json]:
    """Return what a description is simplified to, by ever smaller budgets."""
    levels: list[Json] = [description]
    while levels[-1] is not None:
        levels.append(simplify(description, json_tokens(levels[-1]) - 1))
    return levels


def test_the_detail_of_rows_is_dropped_step_by_step() -> None:
    assert levels_of_detail(OF_ROWS)[1:] == snapshot(
        [
            {
                "type": "object",
                "keys": {
                    "qty": {"present": 8, "type": "integer", "null": 2, "min": 1, "max": 90},
                    "note": {"type": "string", "length": [90, 200]},
                    "lines": {
                        "type": "array",
                        "length": [1, 9],
                        "items": {
                            "type": "object",
                            "keys": {
                                "tax": {
                                    "type": "object",
                                    "map_of": {
                                        "type": "array",
                                        "length": 3,
                                        "items": {"type": "number", "min": 0, "max": 1},
                                    },
                                }
                            },
                        },
                    },
                    "code": {"types": {"string": 5, "integer": 3}},
                },
            },
            {
                "type": "object",
                "keys": {
                    "qty": {"present": 8, "type": "integer", "null": 2},
                    "note": "string",
                    "lines": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "keys": {
                                "tax": {
                                    "type": "object",
                                    "map_of": {"type": "array", "items": "number"},
                                }
                            },
                        },
                    },
                    "code": {"types": {"string": 5, "integer": 3}},
                },
            },
            {
                "type": "object",
                "keys": {
                    "qty": "integer",
                    "note": "string",
                    "lines": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "keys": {"tax": {"type": "object", "map_of": "array"}},
                        },
                    },
                    "code": "string or integer",
                },
            },
            {
                "type": "object",
                "keys": {
                    "qty": "integer",
                    "note": "string",
                    "lines": {"type": "array", "items": "object"},
                    "code": "string or integer",
                },
            },
            {"type": "object", "keys": ["qty", "note", "lines", "code"]},
            "object",
            None,
        ]
    )


def test_the_detail_of_nested_arrays_is_dropped_step_by_step() -> None:
    assert levels_of_detail(OF_ARRAYS)[1:] == snapshot(
        [
            {
                "type": "array",
                "items": {
                    "type": "object",
                    "map_of": {
                        "type": "array",
                        "items": {
                            "type": "array",
                            "items": {"type": "array", "empty": 3, "items": "string"},
                        },
                    },
                },
            },
            {
                "type": "array",
                "items": {
                    "type": "object",
                    "map_of": {"type": "array", "items": {"type": "array", "items": "array"}},
                },
            },
            {"type": "array", "items": {"type": "object", "map_of": "array"}},
            "array",
            None,
        ]
    )


@pytest.mark.parametrize("description", [OF_ROWS, OF_ARRAYS])
def test_a_description_is_kept_in_a_budget_of_exactly_its_size(description: Json) -> None:
    for level in levels_of_detail(description)[:-1]:
        assert simplify(description, json_tokens(level)) == level
