"""Try mutants: run the tests that can kill each, in a process forked for it alone.

A session imports and collects everything once. A mutant in the body of a function is tried in
a fork of that session, by replacing the function's code; one in what runs at import is tried in
a fork of the bare interpreter, which imports the changed module.
"""

import contextlib
import functools
import gc
import importlib
import os
import resource
import select
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import coverage
import hypothesis
import pytest

from benchmarks.mutation.mutants import Mutant
from benchmarks.mutation.recording import ROOT, Recorder, Recording, new_coverage, write

# Seconds of processor time of a mutant: a multiple of its tests', which coverage makes twice as
# slow when they are recorded, and a constant, which is larger where it imports the package.
CPU_FACTOR = 3.0
CPU_SECONDS = 4.0
IMPORT_CPU_SECONDS = 15.0
# What waits without computing is given up after this multiple of those; the machine may be busy.
WALL_FACTOR = 6.0
MEMORY = 4 << 30  # bytes of address space, against mutants that never stop collecting
OPTIONS = (
    *("-p", "no:xdist", "-o", "addopts=--import-mode=importlib --strict-markers", "-x", "-s"),
    *("--timeout=0", "--inline-snapshot=disable", "--hypothesis-profile=mutation"),
    *("-p", "no:cacheprovider"),
)
KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timeout"
_MARKS = {KILLED: ".", SURVIVED: "S", TIMED_OUT: "t"}
PROGRESS = os.dup(2)  # pytest replaces the usual streams

FunctionKey = tuple[str, int, str]


def in_child(action: Callable[[], int], cpu_seconds: float | None = None) -> str:
    """Run an action in a fork; return whether it was killed, survived (returned 0) or timed out."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        code = 1
        with contextlib.suppress(BaseException):
            _limit(cpu_seconds)
            code = action()
        os._exit(code)
    return _outcome(pid, None if cpu_seconds is None else cpu_seconds * WALL_FACTOR)


def _limit(cpu_seconds: float | None) -> None:
    """Drop what the process prints, and bound its time and memory, if it is a mutant."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    if cpu_seconds is None:
        return
    os.dup2(nothing, 0)
    os.dup2(nothing, 2)
    limit = int(cpu_seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _outcome(pid: int, wall_seconds: float | None) -> str:
    """Wait for a process, at most so many seconds."""
    handle = os.pidfd_open(pid)
    try:
        ready, _, _ = select.select([handle], [], [], wall_seconds)
        if not ready:
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    finally:
        os.close(handle)
    code = os.waitstatus_to_exitcode(status)
    if not ready or code in (-signal.SIGXCPU, -signal.SIGKILL):
        return TIMED_OUT
    return SURVIVED if code == 0 else KILLED


def run_pytest(paths: Sequence[str], plugin: object) -> int:
    """Run pytest in this process with examples that are fixed and not shrunk."""
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "mutation", deadline=None, derandomize=True, database=None, phases=phases
    )
    return int(pytest.main([*OPTIONS, *paths], plugins=[plugin]))


class Session:
    """A pytest plugin that records the tests if needed, then tries mutants in forks."""

    def __init__(self, directory: Path, measured: coverage.Coverage | None) -> None:
        self._directory = directory
        self._measured = measured
        self.trials: Sequence[Trial] = ()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the place of pytest's own loop over the collected tests."""
        items = {item.nodeid: item for item in session.items}
        if self._measured is not None:
            self._record(self._measured, session)
        else:
            self._try(items)
        return True

    def _record(self, measured: coverage.Coverage, session: pytest.Session) -> None:
        """Write what runs at import, then run all tests in a fork and write what they run."""
        measured.stop()
        measured.save()
        modules = [name for name, module in list(sys.modules.items()) if _is_foreign(module)]
        in_child(lambda: record_tests(self._directory, session, modules))

    def _try(self, items: dict[str, pytest.Item]) -> None:
        functions = live_functions()
        caches = [each for each in gc.get_objects() if isinstance(each, _CACHE)]
        gc.freeze()
        for trial in self.trials:
            chosen = [items[test] for test in trial.tests]

            def action(trial: Trial = trial, chosen: list[pytest.Item] = chosen) -> int:
                for cache in caches:
                    cache.cache_clear()
                if trial.mutant is not None:
                    replace_code(trial.mutant, functions)
                return run_items(chosen, trial)

            trial.finish(in_child(action, trial.cpu_seconds) if chosen else SURVIVED)


def _is_foreign(module: ModuleType) -> bool:
    """Return whether a module is the interpreter's or of an installed package."""
    origin = getattr(getattr(module, "__spec__", None), "origin", None) or ""
    return origin.startswith((sys.prefix, sys.base_prefix)) or not origin.startswith(str(ROOT))


_CACHE = functools._lru_cache_wrapper


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutant and the tests to try it with; None as mutant tries the tests on unchanged code.

    The outcome goes to a file, because most trials run in a child of the process that reads it.
    """

    mutant: Mutant | None
    tests: Sequence[str]
    cpu_seconds: float
    outcome_file: Path
    killer_file: Path

    def finish(self, outcome: str) -> None:
        """Keep the outcome and show progress."""
        self.outcome_file.write_text(outcome)
        os.write(PROGRESS, _MARKS[outcome].encode())

    @property
    def outcome(self) -> str:
        """Return the outcome of a finished trial."""
        return self.outcome_file.read_text()

    @property
    def killer(self) -> str | None:
        """Return the first test that failed, None if none did."""
        return self.killer_file.read_text() if self.killer_file.exists() else None


def record_tests(directory: Path, session: pytest.Session, modules: Iterable[str]) -> int:
    """Run the tests of a session with coverage; write their lines and seconds.

    Property tests are left out: one runs a line hundreds of times, and a mutant that only such a
    test notices counts as survived.
    """
    measured = new_coverage(directory / "tests.coverage")
    recorder = Recorder(measured)
    session.config.pluginmanager.register(recorder)
    items = [item for item in session.items if not _is_property_test(item)]
    measured.start()
    began = time.monotonic()
    for item, following in zip(items, [*items[1:], None], strict=True):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    measured.stop()
    measured.save()
    write(directory / "tests.json", recorder, modules, time.monotonic() - began)
    return 0


def _is_property_test(item: pytest.Item) -> bool:
    return getattr(getattr(item, "function", None), "is_hypothesis_test", False)


class _FirstFailureError(Exception):
    pass


class _Stopper:
    def __init__(self, trial: Trial) -> None:
        self._trial = trial

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._trial.killer_file.write_text(report.nodeid)
            raise _FirstFailureError


def run_items(items: Sequence[pytest.Item], trial: Trial) -> int:
    """Run tests until one fails; return 0 if none does."""
    hook = items[0].config.hook
    items[0].config.pluginmanager.register(_Stopper(trial))
    for item, following in zip(items, [*items[1:], None], strict=True):
        hook.pytest_runtest_protocol(item=item, nextitem=following)
    return 0


def live_functions() -> dict[FunctionKey, list[FunctionType]]:
    """Return the functions of the package that exist, by file, first line and qualified name."""
    found: dict[FunctionKey, list[FunctionType]] = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, FunctionType):
            code = each.__code__
            key = (code.co_filename, code.co_firstlineno, code.co_qualname)
            found[key].append(each)
    return found


def replace_code(mutant: Mutant, functions: dict[FunctionKey, list[FunctionType]]) -> None:
    """Give the function around a mutant its changed code, wherever it was imported to."""
    scope = mutant.scope
    assert scope.function is not None
    key = (str(mutant.module.path), scope.function_line, scope.function)
    code = _find(mutant.compiled(), key)
    for function in functions[key]:
        function.__code__ = code


def _find(code: CodeType, key: FunctionKey) -> CodeType:
    codes = [code]
    for each in codes:
        if (each.co_firstlineno, each.co_qualname) == key[1:]:
            return each
        codes += [inner for inner in each.co_consts if isinstance(inner, CodeType)]
    raise LookupError(key)


class _ChangedLoader(SourceFileLoader):
    """Load a module from the code of a mutant."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.module.name, str(mutant.module.path))
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        return self._mutant.compiled()


class _ChangedFinder:
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self._mutant.module.name:
            return None
        loader = _ChangedLoader(self._mutant)
        return spec_from_file_location(name, self._mutant.module.path, loader=loader)


class _Chosen:
    """A pytest plugin that keeps the chosen tests, in their order."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._order = {test: number for number, test in enumerate(trial.tests)}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._trial.killer_file.write_text(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        kept = [item for item in items if item.nodeid in self._order]
        items[:] = sorted(kept, key=lambda item: self._order[item.nodeid])


def try_at_import(trial: Trial) -> None:
    """Try a mutant in a fork of this process, which must not have imported the package."""
    assert "retab_mcp" not in sys.modules
    assert trial.mutant is not None
    finder = _ChangedFinder(trial.mutant)
    files = sorted({test.partition("::")[0] for test in trial.tests})

    def action() -> int:
        sys.meta_path.insert(0, finder)
        return run_pytest(files, _Chosen(trial))

    trial.finish(in_child(action, trial.cpu_seconds) if files else SURVIVED)


def preload(recording: Recording) -> None:
    """Import what the tests import from elsewhere, so that no fork has to."""
    for name in recording.modules:
        if not name.startswith(("_", "tests.")):
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def cpu_seconds_of(tests: Iterable[str], recording: Recording, *, imports: bool) -> float:
    """Return the limit of processor time for a mutant that these tests are tried on."""
    seconds = IMPORT_CPU_SECONDS if imports else CPU_SECONDS
    return seconds + CPU_FACTOR * sum(recording.seconds[test] for test in tests)
