"""Record which test runs which line, and choose the tests that can kill a mutant."""

import ast
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import coverage
import pytest

from benchmarks.mutation.mutants import Mutant

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "retab_mcp"
# Seconds of processor time that the tests of one mutant may take. What they don't kill by then
# counts as survived.
TRIED_SECONDS = 10.0
# Names are followed through so many statements at import: a word, the words of a kind, those of all
# kinds, their patterns, a table of those.
_NAME_DEPTH = 5


# Where a name is used: the file, the lines, the names defined there, the function around it.
_Use = tuple[Path, range, frozenset[str], str | None]


def new_coverage(data_file: Path) -> coverage.Coverage:
    """Return a measurement of the package, without the sandbox, which no mutant is in."""
    return coverage.Coverage(
        data_file=str(data_file),
        config_file=False,
        source=[str(SOURCE)],
        omit=[str(SOURCE / "sandbox" / "*")],
    )


class Recorder:
    """A pytest plugin that runs all tests with coverage and notes their seconds and failures."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self._measured = measured
        self._began = 0.0
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Record what sets up several tests for all tests of the file."""
        self._began = time.process_time()  # waiting for a busy machine is not the test's time
        self._measured.switch_context(_file_of(item) if _shares_fixtures(item) else item.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Record the test itself under its own name."""
        self._measured.switch_context(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the seconds of a test, and whether it can be used."""
        self.seconds[report.nodeid] = time.process_time() - self._began
        if not report.passed:  # a skipped test is of no use either
            self.failed.add(report.nodeid)


def _file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _shares_fixtures(item: pytest.Item) -> bool:
    fixtures: dict[str, Sequence[Any]] = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009
    return any(each[-1].scope != "function" and each[-1].baseid for each in fixtures.values())


def write(path: Path, recorder: Recorder, imported: Iterable[str], spent: float) -> None:
    """Write what a recording found beside its coverage data."""
    usable = {
        test: seconds for test, seconds in recorder.seconds.items() if test not in recorder.failed
    }
    found = {
        "seconds": usable,
        "failed": sorted(recorder.failed),
        "modules": sorted(imported),
        "spent": spent,
    }
    path.write_text(json.dumps(found))


class Recording:
    """Which test runs which line, read from directories with a recording of some test files each.

    `directories` maps each test file, as its tests are named, to the directory of its recording.
    """

    def __init__(self, directories: Mapping[str, Path]) -> None:
        self.seconds: dict[str, float] = {}
        self.modules: set[str] = set()
        self._imported: list[coverage.CoverageData] = []
        self._tests: list[tuple[coverage.CoverageData, set[str]]] = []
        for directory in sorted(set(directories.values())):
            files = {file for file, recorded in directories.items() if recorded == directory}
            found = json.loads((directory / "tests.json").read_text())
            self.seconds |= {
                test: seconds
                for test, seconds in found["seconds"].items()
                if test.partition("::")[0] in files
            }
            self.modules |= set(found["modules"])
            self._imported.append(_read(directory / "import.coverage"))
            self._tests.append((_read(directory / "tests.coverage"), files))
        self._lines: dict[Path, dict[int, set[str]]] = {}

    def runs_at_import(self, mutant: Mutant) -> bool:
        """Return whether the mutant's line runs before any test does."""
        if mutant.scope.function is None:
            return True
        return any(
            line in mutant.scope.statement
            for imported in self._imported
            for line in imported.lines(str(mutant.module.path)) or ()
        )

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Return the tests that run a mutant's line, as many as time allows."""
        if mutant.scope.function is not None:
            contexts = self._contexts(mutant.module.path, mutant.scope.statement)
        else:
            contexts = set()
        if self.runs_at_import(mutant):
            contexts |= self._tests_of_names(mutant)
            contexts |= self._contexts(mutant.module.path, _body_of_function(mutant))
        chosen: list[str] = []
        spent = 0.0
        for test in self._in_turn(self._expanded(contexts)):
            spent += self.seconds[test]
            if spent > TRIED_SECONDS and chosen:
                break
            chosen.append(test)
        return chosen

    def _in_turn(self, tests: set[str]) -> list[str]:
        """Order tests so that every test function gets the same time, the fastest first.

        One with many parameters must not crowd out the others.
        """
        spent: dict[str, float] = defaultdict(float)
        turns: dict[str, float] = {}
        for test in sorted(tests, key=lambda test: (self.seconds[test], test)):
            function = test.partition("[")[0]
            spent[function] += self.seconds[test]
            turns[test] = spent[function]
        return sorted(turns, key=lambda test: (turns[test], test))

    def _tests_of_names(self, mutant: Mutant) -> set[str]:
        """Return the contexts of functions that use what the mutant's statement defines."""
        if mutant.scope.function is not None:
            names = {mutant.scope.function.rpartition(".")[2]}
        else:
            names = set(mutant.scope.names)
        seen: set[str] = set()
        contexts: set[str] = set()
        for _ in range(_NAME_DEPTH):
            seen |= names
            further: set[str] = set()
            for name in names:
                for path, lines, defined, function in self._uses.get(name, ()):
                    found = self._contexts(path, lines)
                    contexts |= found
                    further |= defined
                    if function and not found:  # it only runs at import
                        further.add(function)
            names = further - seen
        return contexts

    @cached_property
    def _uses(self) -> dict[str, list[_Use]]:
        """Map each name to the statements that use it, and to the names that these define."""
        uses: dict[str, list[_Use]] = defaultdict(list)
        for path in SOURCE.rglob("*.py"):
            if "sandbox" not in path.relative_to(SOURCE).parts:
                _add_uses(uses, path, ast.parse(path.read_text(encoding="utf-8")))
        return uses

    def _contexts(self, path: Path, lines: range) -> set[str]:
        if path not in self._lines:
            by_line: dict[int, set[str]] = defaultdict(set)
            for measured, files in self._tests:
                for line, contexts in measured.contexts_by_lineno(str(path)).items():
                    by_line[line] |= {each for each in contexts if each.partition("::")[0] in files}
            self._lines[path] = by_line
        return set().union(*(self._lines[path].get(line, ()) for line in lines))

    def _expanded(self, contexts: set[str]) -> set[str]:
        """Replace the names of files, for shared fixtures, by all tests of these files."""
        tests = contexts & self.seconds.keys()
        files = {each for each in contexts if "::" not in each}
        return tests | {test for test in self.seconds if test.partition("::")[0] in files}


def _body_of_function(mutant: Mutant) -> range:
    """Return the lines of the function whose head, with its defaults, a mutant changes."""
    tree = ast.walk(mutant.module.tree)
    functions = (each for each in tree if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    for node in functions:
        if node.lineno == mutant.scope.statement.start:
            return range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1)
    return range(0)


def _add_uses(uses: dict[str, list[_Use]], path: Path, module: ast.Module) -> None:
    def add(node: ast.stmt, defined: frozenset[str], function: str | None = None) -> None:
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
                uses[each.id].append((path, lines, defined, function))
            elif isinstance(each, ast.Attribute):
                uses[each.attr].append((path, lines, defined, function))

    for top in module.body:
        if isinstance(top, ast.Assign | ast.AnnAssign):
            targets = top.targets if isinstance(top, ast.Assign) else [top.target]
            names = (each for target in targets for each in ast.walk(target))
            add(top, frozenset(each.id for each in names if isinstance(each, ast.Name)))
            continue
        function = top.name if isinstance(top, ast.FunctionDef) else None
        for node in ast.walk(top):
            is_simple = isinstance(node, ast.stmt) and not hasattr(node, "body")
            if is_simple or isinstance(node, ast.If | ast.For | ast.While | ast.With):
                add(node, frozenset(), function)  # type: ignore[arg-type]


def _read(path: Path) -> coverage.CoverageData:
    data = coverage.CoverageData(str(path))
    data.read()
    return data
