"""Keep recordings and survivors in `.mutation/` between runs.

A change of the package or of what tests share makes every recording useless; a change of a test
file only that of this file.
"""

import hashlib
import json
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.mutation.mutants import Mutant
from benchmarks.mutation.recording import ROOT, Recording, new_coverage
from benchmarks.mutation.trials import Session, in_child, run_pytest

_STORE = ROOT / ".mutation"
_TEST_FILES = "test_*.py"
# Tests of how time grows notice only what makes the package slow, and take most of the time.
_LEFT_OUT = frozenset(("test_linear.py",))
_FILES = "files.json"
_TEST_MODULE = re.compile(rb"tests\.(?:\w+\.)*test_\w+")


def recording_of(package: str, tests: Sequence[str]) -> Recording:
    """Return which test runs which line; record the tests whose files have changed."""
    directory = _STORE / package / _hash_of_shared_code()
    if not directory.exists():
        shutil.rmtree(directory.parent, ignore_errors=True)
        directory.mkdir(parents=True)
    current = hashes_of(tests)
    recorded = recorded_files(directory, current)
    missing = sorted(current.keys() - recorded.keys())
    if missing:
        part = directory / f"{len(list(directory.iterdir())):03d}"
        part.mkdir()
        began = time.monotonic()
        in_child(lambda: _record(part, missing))
        note_files(part, {file: current[file] for file in missing})
        print(f"recorded {len(missing)} test files in {time.monotonic() - began:.0f} s")
        recorded = recorded_files(directory, current)
    return Recording(recorded)


def note_files(part: Path, hashes: dict[str, str]) -> None:
    """Write which test files, in which state, a directory holds the recording of."""
    (part / _FILES).write_text(json.dumps(hashes))


def recorded_files(directory: Path, current: dict[str, str]) -> dict[str, Path]:
    """Return the test files whose present state is recorded, each with its directory."""
    return {
        file: files.parent
        for files in sorted(directory.glob(f"*/{_FILES}"))
        for file, found in json.loads(files.read_text()).items()
        if current.get(file) == found
    }


def _record(directory: Path, files: Sequence[str]) -> int:
    measured = new_coverage(directory / "import.coverage")
    measured.start()
    return run_pytest(files, Session(directory, measured))


def hashes_of(tests: Iterable[str]) -> dict[str, str]:
    """Return the test files below some paths, each with a hash that changes when it does."""
    return {str(path.relative_to(ROOT)): _hash_of_test_file(path) for path in _files_of(tests)}


def _files_of(tests: Iterable[str]) -> list[Path]:
    found = []
    for each in tests:
        path = ROOT / each
        found += [path] if path.is_file() else sorted(path.rglob(_TEST_FILES))
    return [path for path in found if path.name not in _LEFT_OUT]


def _hash_of_shared_code() -> str:
    code = hashlib.sha256()
    for folder in ("retab_mcp", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            is_test = path.match(_TEST_FILES) and folder == "tests"
            if path.is_file() and not is_test and "__pycache__" not in path.parts:
                code.update(f"{path}\0".encode() + path.read_bytes())
    return code.hexdigest()[:16]


def _hash_of_test_file(path: Path) -> str:
    """Return the hash of a test file and of the test files that it names."""
    content = path.read_bytes()
    code = hashlib.sha256(content)
    for name in sorted(set(_TEST_MODULE.findall(content))):
        imported = ROOT / f"{name.decode().replace('.', '/')}.py"
        code.update(imported.read_bytes() if imported.exists() else b"")
    return code.hexdigest()[:16]


def keep_survivors(package: str, survivors: Iterable[Mutant], possible: Sequence[Mutant]) -> None:
    """Write which mutants survived, so that they can be tried again after an edit."""
    keys = _keys(possible)
    found = [keys[id(mutant)] for mutant in survivors]
    _STORE.mkdir(exist_ok=True)
    _survivors_file(package).write_text(json.dumps(found))


def kept_survivors(package: str, possible: Sequence[Mutant]) -> list[Mutant]:
    """Return the mutants that survived the last run, as far as their code still exists."""
    found = set(map(tuple, json.loads(_survivors_file(package).read_text())))
    keys = _keys(possible)
    return [mutant for mutant in possible if keys[id(mutant)] in found]


def _survivors_file(package: str) -> Path:
    return _STORE / f"{package}.survivors.json"


def _keys(possible: Sequence[Mutant]) -> dict[int, tuple[str, str, int]]:
    """Name each mutant by module, change and number among equal changes: lines move."""
    seen: Counter[tuple[str, str]] = Counter()
    keys = {}
    for mutant in possible:
        change = (mutant.module.name, mutant.change)
        keys[id(mutant)] = (*change, seen[change])
        seen[change] += 1
    return keys
