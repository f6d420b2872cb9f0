"""Data flows one way: no package imports a higher one, and imports are not circular."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import retab_mcp

PACKAGE = Path(retab_mcp.__file__).parent

# Which packages each package may import. `cli`, `http` and the files at the top may import all.
MAY_IMPORT: dict[str, set[str]] = {
    "models": set(),
    "safety": set(),
    "digest": {"safety"},
    "analysis": {"models", "digest"},
    "retab": {"models", "safety"},
    "queries": {"models", "safety", "digest", "analysis", "retab"},
    "tools": set(),
    "report": {"tools"},
    "answers": {"models", "safety", "digest", "analysis", "retab", "queries", "tools", "settings"},
    "sandbox": set(),
}
OF_THE_PACKAGE = {"retab_mcp.__version__", "retab_mcp.TITLE", "retab_mcp.WEBSITE"}
# Third-party packages that only some packages may import.
ONLY_IN = {
    "httpx": {"retab"},
    "click": {"cli"},
    "jwt": {"http"},
    "prometheus_client": {"http"},
    "opentelemetry": {"http"},
}
SUB_PACKAGES = sorted(path.parent for path in PACKAGE.rglob("__init__.py"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Return the dotted names that a file imports, also within functions."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in _nodes(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a file, without those for type checkers only."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield child
            yield from _nodes(child)


def is_within(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_package_imports_a_higher_one(package: str) -> None:
    files = sorted((PACKAGE / package).rglob("*.py"))
    assert files
    for path in files:
        for name in imports(path):
            if name.startswith("retab_mcp.") and name not in OF_THE_PACKAGE:
                target = name.split(".")[1]
                assert target in MAY_IMPORT[package] | {package}, f"{path} imports {name}"


def test_only_some_packages_import_these_libraries() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        package = path.relative_to(PACKAGE).parts[0]
        for name in imports(path):
            allowed = ONLY_IN.get(name.partition(".")[0])
            assert allowed is None or package in allowed, f"{path} imports {name}"


def test_every_package_has_a_rule() -> None:
    packages = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert packages - {"http", "cli"} == set(MAY_IMPORT)


@pytest.mark.parametrize("folder", SUB_PACKAGES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_circular_imports_within_a_package(folder: Path) -> None:
    parent = ".".join(("retab_mcp", *folder.relative_to(PACKAGE).parts))
    children = {
        f"{parent}.{child.stem}": sorted(child.rglob("*.py")) if child.is_dir() else [child]
        for child in folder.iterdir()
        if child.name not in ("__init__.py", "__pycache__")
    }
    imported = {
        child: {
            other
            for path in files
            for name in imports(path)
            for other in children
            if other != child and is_within(name, other)
        }
        for child, files in children.items()
    }
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as error:
        pytest.fail(f"imports form a circle: {' -> '.join(error.args[1])}")
