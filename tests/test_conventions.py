"""Conventions that hold for every file of the package."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import retab_mcp
from retab_mcp.cli.main import COMMANDS

PACKAGE = Path(retab_mcp.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

MAX_LINES = 400
# More files than this are hard to survey; the tools and their answers have one file each.
MAX_FILES = {"analysis": 10}

# Packages whose files are named alike because each corresponds to one in the other.
MIRRORS = (
    {"tools", "answers"},
    {"sandbox/builder", "sandbox/routes", "sandbox/wire"},
)
# The file of a package's exceptions.
CONVENTIONAL = {"errors"}
# Functions that several files of a package define because they are looked up by name.
LOOKED_UP = {
    "command": "cli",
    "summarize": "analysis/operations",
    "evidence": "analysis/operations",
    "findings": "analysis/operations",
    "samples": "sandbox/samples",
}
# To be removed: answers set it after construction.
PENDING_FIELDS = {"_asked_for_many"}


def folder(path: Path) -> str:
    return path.relative_to(PACKAGE).parent.as_posix()


def is_sandbox(path: Path) -> bool:
    """Return whether a file belongs to the embedded Retab API, which has names of its own."""
    return path.relative_to(PACKAGE).parts[0] == "sandbox"


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def written_attributes(path: Path) -> Iterator[ast.Attribute]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            yield node


def test_files_stay_small() -> None:
    long = {
        str(path.relative_to(PACKAGE)): count
        for path in FILES
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}


def test_packages_stay_small() -> None:
    large = {
        folder(package): count
        for package in PACKAGE.rglob("__init__.py")
        if (limit := MAX_FILES.get(package.relative_to(PACKAGE).parts[0]))
        and (count := len(list(package.parent.glob("*.py")))) > limit
    }
    assert large == {}


def test_a_module_name_means_one_thing() -> None:
    places: dict[tuple[bool, str], set[str]] = defaultdict(set)
    for path in FILES:
        # The file of a command has the name that people type.
        is_command = folder(path) == "cli" and path.stem in COMMANDS
        if path.stem not in CONVENTIONAL | {"__init__"} and not is_command:
            places[is_sandbox(path), path.stem].add(folder(path))
    shared = {
        name: sorted(found)
        for (_, name), found in places.items()
        if len(found) > 1 and not any(found <= mirror for mirror in MIRRORS)
    }
    assert shared == {}


def test_a_public_name_means_one_thing() -> None:
    places: dict[tuple[bool, str], set[str]] = defaultdict(set)
    definition = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for path in FILES:
        for node in tree(path).body:
            if isinstance(node, definition) and not node.name.startswith("_"):
                if LOOKED_UP.get(node.name) == folder(path):
                    continue
                places[is_sandbox(path), node.name].add(str(path.relative_to(PACKAGE)))
    shared = {name: sorted(found) for (_, name), found in places.items() if len(found) > 1}
    assert shared == {}


def test_no_object_writes_the_private_fields_of_another() -> None:
    written = [
        f"{path.relative_to(PACKAGE)}:{node.lineno} {ast.unparse(node)}"
        for path in FILES
        for node in written_attributes(path)
        if node.attr.startswith("_")
        and node.attr not in PENDING_FIELDS
        and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
    ]
    assert written == []


def test_no_file_manipulates_globals() -> None:
    """Processes end in order, and names are defined where a reader can find them."""
    forbidden = {"os._exit", "globals", "locals", "exec", "eval"}
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno} {ast.unparse(node)}"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in forbidden
    ]
    assert found == []
