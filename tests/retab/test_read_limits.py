"""Limits on the requests and bytes of one call."""

import pytest

from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.read_limits import MAX_BYTES, MAX_REQUESTS, ReadLimits


def test_requests_are_limited() -> None:
    limits = ReadLimits()
    for _ in range(MAX_REQUESTS):
        limits.check()
    with pytest.raises(RetabError, match="500 requests") as reached:
        limits.check()
    assert reached.value.kind == "timeout"
    assert not reached.value.retryable


def test_bytes_are_limited() -> None:
    limits = ReadLimits()
    limits.check()
    limits.spend(MAX_BYTES)
    with pytest.raises(RetabError, match="1000 MB"):
        limits.check()
