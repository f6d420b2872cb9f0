"""Fixtures of the tests of the HTTP service."""

import logging
from collections.abc import Iterator

import pytest

from retab_mcp.http.logs import JsonLines


class Lines(logging.Handler):
    """A log handler that keeps the lines."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Collect the log lines of the test, of every logger and level."""
    handler = Lines()
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler.lines
    root.setLevel(before)
    root.removeHandler(handler)
