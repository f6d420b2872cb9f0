"""Data flows one way: lower layers never import higher ones."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import retab_mcp

PACKAGE = Path(retab_mcp.__file__).parent

# Which layers each layer may import. The files at the top of the package may import all.
MAY_IMPORT: dict[str, set[str]] = {
    "models": set(),
    "safety": set(),
    "digest": {"safety"},
    "analysis": {"models", "digest"},
    "retab": {"models", "safety"},
    "queries": {"models", "safety", "digest", "analysis", "retab"},
    "tools": set(),
    "answers": {"models", "safety", "digest", "analysis", "retab", "queries", "tools", "settings"},
    "sandbox": set(),
}
# Third-party packages that only one layer may import.
ONLY_IN = {"httpx": {"retab"}}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = node.module or ""
            yield from (
                [f"{module}.{alias.name}" for alias in node.names]
                if module == "retab_mcp"
                else [module]
            )


def files(layer: str) -> list[Path]:
    return sorted((PACKAGE / layer).rglob("*.py"))


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_imports_nothing_above(layer: str) -> None:
    assert files(layer)
    for path in files(layer):
        for name in imports(path):
            package, _, rest = name.partition(".")
            if package == "retab_mcp" and rest != "__version__":
                target = rest.partition(".")[0]
                assert target in MAY_IMPORT[layer] | {layer}, f"{path} imports {name}"


def test_only_one_layer_speaks_http_to_retab() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        layer = path.relative_to(PACKAGE).parts[0]
        for name in imports(path):
            allowed = ONLY_IN.get(name.partition(".")[0])
            assert allowed is None or layer in allowed, f"{path} imports {name}"


def test_every_package_has_its_layer() -> None:
    packages = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert packages - {"http", "cli"} == set(MAY_IMPORT)


def test_files_stay_small() -> None:
    long = {
        str(path.relative_to(PACKAGE)): count
        for path in sorted(PACKAGE.rglob("*.py"))
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
