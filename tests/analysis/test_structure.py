"""The packages under analysis depend on each other in one direction."""

import ast
from pathlib import Path

import retab_mcp.analysis

ROOT = Path(retab_mcp.analysis.__file__).parent
# Each package may import those before it.
ORDER = (
    *("loops", "values", "search", "record_rules", "responses", "payloads", "lineage"),
    *("time_account", "operations", "compare", "cause", "findings", "experiments"),
    *("configuration", "failures"),
)
# Modules that use the packages; the other modules of analysis are shared by the packages.
ABOVE = frozenset({"history"})


def test_packages_import_in_one_direction() -> None:
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} == set(ORDER)
    for path in ROOT.glob("*/**/*.py"):
        level = ORDER.index(path.relative_to(ROOT).parts[0])
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "retab_mcp.analysis."
            ):
                name = (node.module or "").split(".")[2]
                is_shared = (ROOT / f"{name}.py").is_file() and name not in ABOVE
                assert is_shared or ORDER.index(name) <= level, f"{path} imports {node.module}"
