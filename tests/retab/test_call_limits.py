"""Limits on the requests and bytes of one call."""

import pytest

from retab_mcp.retab.call_limits import MAX_BYTES, MAX_REQUESTS, CallLimits
from retab_mcp.retab.errors import RetabError


def test_requests_are_limited() -> None:
    limits = CallLimits()
    for _ in range(MAX_REQUESTS):
        limits.check()
    with pytest.raises(RetabError, match="500 requests") as reached:
        limits.check()
    assert reached.value.kind == "timeout"
    assert not reached.value.retryable


def test_bytes_are_limited() -> None:
    limits = CallLimits()
    limits.check()
    limits.spend(MAX_BYTES)
    with pytest.raises(RetabError, match="1000 MB"):
        limits.check()
