"""Settings and fixtures shared by all tests."""

from collections.abc import Generator

import pytest
from coverage import Coverage
from hypothesis import settings

# The same examples in each run, so that a failure comes from the change and not from chance.
# `pytest --hypothesis-profile=random` explores new ones. No deadline: a busy machine is no failure.
settings.register_profile("fixed", deadline=None, derandomize=True)
settings.register_profile("random", deadline=None)
settings.load_profile("fixed")

# Tests that run over every field, fault and generation what others run once. Measuring them too would
# make the suite half as long again. Property tests aren't measured for the same reason.
NOT_MEASURED = frozenset(
    {
        "test_every_field.py",
        "test_fuzz.py",
        "test_hostile_bodies.py",
        "test_odd_answers.py",
        "test_requests.py",
    }
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Stop measuring coverage, where it is measured, during repetitive tests."""
    measured = Coverage.current()
    is_repetitive = item.path.name in NOT_MEASURED or getattr(
        getattr(item, "function", None), "is_hypothesis_test", False
    )
    if measured is None or not is_repetitive:
        return (yield)
    measured.stop()
    try:
        return (yield)
    finally:
        measured.start()


@pytest.fixture
def anyio_backend() -> str:
    """Name the backend that asynchronous tests run on."""
    return "asyncio"
