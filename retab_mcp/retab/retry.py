"""Retries of requests to Retab.

Imported with the first request, so that a start does not import tenacity.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    wait_exponential,
    wait_random,
)

from retab_mcp.models import ErrorKind
from retab_mcp.retab.deadline import Deadline, Sleep
from retab_mcp.retab.errors import RetabError

T = TypeVar("T")

# Retab's own clients retry three times.
MAX_ATTEMPTS = 4

# Waits of 0.25, 0.5 and 1 s, each plus a random part of up to this much.
FIRST_WAIT_SECONDS = 0.25

# A longer wait is left to the assistant, even where the deadline would allow it.
MAX_RETRY_AFTER_SECONDS = 10.0

_jitter = wait_random(0, FIRST_WAIT_SECONDS)
_backoff = wait_exponential(FIRST_WAIT_SECONDS) + _jitter


async def with_retries(
    attempt: Callable[[], Awaitable[T]], *, deadline: Deadline, sleep: Sleep
) -> T:
    """Await `attempt()` until it succeeds, at most 4 times, and return its result.

    Retries 429, 5xx and connections that fail or break; not timeouts, since a slow server is
    still slow a second later. Waits grow, have jitter, and are no shorter than a Retry-After. A
    wait beyond `deadline`, or a Retry-After over 10 s, ends the retries. Raises the RetabError of
    the last attempt.
    """
    retrying = AsyncRetrying(
        sleep=sleep,
        retry=retry_if_exception(_is_passing),
        wait=_wait,
        stop=partial(_must_stop, deadline),
        reraise=True,
    )
    return await retrying(attempt)


def _is_passing(error: BaseException) -> bool:
    return (
        isinstance(error, RetabError)
        and error.retryable
        and error.kind in {ErrorKind.RATE_LIMITED, ErrorKind.UNAVAILABLE}
    )


def _retry_after(state: RetryCallState) -> float | None:
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after_s if isinstance(error, RetabError) else None


def _wait(state: RetryCallState) -> float:
    return max(_backoff(state), (_retry_after(state) or 0.0) + _jitter(state))


def _must_stop(deadline: Deadline, state: RetryCallState) -> bool:
    if state.attempt_number >= MAX_ATTEMPTS or state.upcoming_sleep >= deadline.remaining():
        return True
    retry_after = _retry_after(state)
    return retry_after is not None and retry_after > MAX_RETRY_AFTER_SECONDS
