"""Settings and fixtures shared by all tests."""

import os
from collections.abc import Generator

import pytest
from coverage import Coverage
from hypothesis import settings

# The same examples in each run, so that a failure comes from the change and not from chance.
# `pytest --hypothesis-profile=random` explores new ones. No deadline: a busy machine is no failure.
settings.register_profile("fixed", deadline=None, derandomize=True)
settings.register_profile("random", deadline=None)
settings.load_profile("fixed")

# Tests that repeat over every generation, field, fault or length what others do once. Measuring them
# too would make the suite half as long again. Property tests aren't measured for the same reason.
NOT_MEASURED = (
    *("tests/system/", "tests/sandbox/wire/test_schemas.py", "tests/retab/test_api_on_samples.py"),
    *("tests/retab/test_memory.py", "tests/digest/test_linear.py", "tests/safety/test_linear.py"),
    *("tests/digest/test_reachability.py", "tests/cli/test_failures.py"),
    *("tests/answers/test_list_runs.py", "tests/answers/test_list_steps.py"),
    "tests/answers/test_long_tables.py",
)
# Of these, the ones that alone run a part of the package.
MEASURED = ("tests/system/test_stdio.py", "tests/system/test_matrix.py")
# How the processes that a test starts know that they are measured.
_MEASURES_PROCESSES = "COVERAGE_PROCESS_START"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Stop measuring coverage, where it is measured, during repetitive tests."""
    measured = Coverage.current()
    if measured is None or not _is_repetitive(item):
        return (yield)
    measured.stop()
    settings_file = os.environ.pop(_MEASURES_PROCESSES, None)
    try:
        return (yield)
    finally:
        measured.start()
        if settings_file is not None:
            os.environ[_MEASURES_PROCESSES] = settings_file


def _is_repetitive(item: pytest.Item) -> bool:
    function = getattr(item, "function", None)
    if getattr(function, "is_hypothesis_test", False):
        return True
    return item.nodeid.startswith(NOT_MEASURED) and not item.nodeid.startswith(MEASURED)


@pytest.fixture
def anyio_backend() -> str:
    """Name the backend that asynchronous tests run on."""
    return "asyncio"
