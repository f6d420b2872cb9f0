"""Settings and fixtures shared by all tests."""

import pytest
from hypothesis import settings

# The same examples in each run, so that a failure comes from the change and not from chance.
# `pytest --hypothesis-profile=random` explores new ones. No deadline: a busy machine is no failure.
settings.register_profile("fixed", deadline=None, derandomize=True)
settings.register_profile("random", deadline=None)
settings.load_profile("fixed")


@pytest.fixture
def anyio_backend() -> str:
    """Name the backend that asynchronous tests run on."""
    return "asyncio"
