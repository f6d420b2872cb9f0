"""The mutants that measure the tests: what is changed, what never is, and what the change runs."""

import ast
from pathlib import Path

import pytest

from benchmarks.mutation.mutants import Module, Mutant, mutants

SOURCE = '''
"""A module."""
from typing import Protocol

__all__ = ["rows"]
LIMIT = 3
Alias = list[int] | None

class Port(Protocol):
    def send(self, size: int = 1) -> bool: ...

@cache(maxsize=16)
def rows(values: "list[int]", most: int = LIMIT) -> int:
    """Count rows."""
    assert values
    log.debug("counted %d", 7)
    total = 0
    for value in values:
        if value < most and not skipped(value, total):
            break
        total += value
    return total

class Table:
    width = 4
    def cells(self):
        try:
            return self.rows[1:2]
        except KeyError:
            return None
'''


@pytest.fixture(scope="module")
def made() -> dict[str, Mutant]:
    module = Module("table", Path("table.py"), ast.parse(SOURCE))
    return {mutant.change: mutant for mutant in mutants(module)}


def test_each_kind_of_change_is_made_once(made: dict[str, Mutant]) -> None:
    assert sorted(made) == [
        "arguments: skipped(value, total) -> skipped(total, value)",
        "arithmetic: total += value -> total -= value",
        "boolean: value < most and (not skipped(value, total)) -> value < most or not skipped(value, total)",
        "comparison: value < most -> value <= most",
        "constant: 0 -> 1",
        "constant: 1 -> 2",
        "constant: 2 -> 3",
        "constant: 3 -> 4",
        "constant: 4 -> 5",
        "deletion: total += value -> pass",
        "handler: except KeyError: return None -> except KeyError: raise",
        "loop: break -> continue",
        "negation: if value < most and (not skipped(value, total)): break -> "
        "if not (value < most and (not skipped(value, total))): break",
        "negation: not skipped(value, total) -> skipped(value, total)",
        "return: return self.rows[1:2] -> return None",
        "return: return total -> return None",
        "slice: 1:2 -> 1:",
        "slice: 1:2 -> :2",
    ]


def test_a_mutant_compiles_and_the_next_one_does_not_have_its_change(
    made: dict[str, Mutant],
) -> None:
    for name in ("loop: break -> continue", "constant: 3 -> 4"):
        assert made[name].compiled().co_consts
    tree = made["constant: 3 -> 4"].module.tree
    assert ast.unparse(tree) == ast.unparse(ast.parse(SOURCE))


def test_a_scope_is_the_outermost_function_or_the_names_defined_at_import(
    made: dict[str, Mutant],
) -> None:
    in_loop = made["loop: break -> continue"].scope
    assert (in_loop.function, in_loop.function_line) == (
        "rows",
        SOURCE.count("\n", 0, SOURCE.index("@cache")) + 1,
    )
    assert made["slice: 1:2 -> 1:"].scope.function == "Table.cells"
    assert made["constant: 3 -> 4"].scope.names == {"LIMIT"}
    assert made["constant: 4 -> 5"].scope.names == {"Table", "width"}
