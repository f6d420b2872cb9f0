"""What all tests share."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """The backend that the server runs on."""
    return "asyncio"
