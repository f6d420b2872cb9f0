"""The packages under analysis depend on each other in one direction."""

import ast
from pathlib import Path

import retab_mcp.analysis

ROOT = Path(retab_mcp.analysis.__file__).parent
# Each package may import those before it.
ORDER = ("values", "operations", "loops", "lineage", "cause", "findings", "compare")
# Modules that use the packages; the other modules of analysis are shared by the packages.
ABOVE = frozenset({"failure_groups", "search"})


def test_packages_import_in_one_direction() -> None:
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} == set(ORDER)
    for path in ROOT.glob("*/*.py"):
        level = ORDER.index(path.parent.name)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "retab_mcp.analysis."
            ):
                name = (node.module or "").split(".")[2]
                is_shared = (ROOT / f"{name}.py").is_file() and name not in ABOVE
                assert is_shared or ORDER.index(name) <= level, f"{path} imports {node.module}"
