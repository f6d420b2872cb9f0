"""What all tests share."""

import os

import pytest
from hypothesis import settings

# A busy machine is no fault of the code; and where a change is judged, the same examples must come
# again. Everywhere else they are new in each run.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture
def anyio_backend() -> str:
    """The backend that the server runs on."""
    return "asyncio"
