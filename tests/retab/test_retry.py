"""Which failures are retried, how long each wait is, and when retries end."""

import operator

import pytest

from retab_mcp.models import ErrorKind
from retab_mcp.retab.deadline import Deadline
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.retry import MAX_ATTEMPTS, with_retries

DOWN = RetabError(ErrorKind.UNAVAILABLE, "down")


class Scene:
    """A clock that only sleeping advances, and an attempt with prepared failures."""

    def __init__(self, *failures: RetabError, seconds: float = 50.0) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self.failures = list(failures)
        self.attempts = 0
        self.deadline = Deadline(lambda: self.now, seconds)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    async def attempt(self) -> str:
        self.attempts += 1
        if self.failures:
            raise self.failures.pop(0)
        return "answer"

    async def play(self) -> str:
        return await with_retries(self.attempt, deadline=self.deadline, sleep=self.sleep)


async def test_success_needs_one_attempt() -> None:
    scene = Scene()
    assert await scene.play() == "answer"
    assert (scene.attempts, scene.waits) == (1, [])


@pytest.mark.parametrize("kind", [ErrorKind.UNAVAILABLE, ErrorKind.RATE_LIMITED])
async def test_a_temporary_failure_is_retried(kind: ErrorKind) -> None:
    scene = Scene(RetabError(kind, "x"), RetabError(kind, "x"))
    assert await scene.play() == "answer"
    assert scene.attempts == 3


async def test_waits_grow_with_jitter() -> None:
    rounds = []
    for _ in range(20):
        scene = Scene(DOWN, DOWN, DOWN)
        assert await scene.play() == "answer"
        rounds.append(scene.waits)
    for lowest, waits in zip([0.25, 0.5, 1.0], zip(*rounds, strict=True), strict=True):
        assert all(lowest <= wait <= lowest + 0.25 for wait in waits)
        assert len(set(waits)) > 1


async def test_the_last_of_four_failures_is_raised() -> None:
    last = RetabError(ErrorKind.UNAVAILABLE, "the last")
    scene = Scene(DOWN, DOWN, DOWN, last, DOWN)
    with pytest.raises(RetabError) as caught:
        await scene.play()
    assert caught.value is last
    assert scene.attempts == MAX_ATTEMPTS


@pytest.mark.parametrize(
    "error",
    [
        RetabError(ErrorKind.TIMEOUT, "x"),
        RetabError(ErrorKind.NOT_FOUND, "x"),
        RetabError(ErrorKind.UNAUTHORIZED, "x"),
        RetabError(ErrorKind.BAD_RESPONSE, "x"),
        RetabError(ErrorKind.UNAVAILABLE, "certificate", retryable=False),
    ],
    ids=lambda error: error.kind,
)
async def test_a_permanent_failure_is_raised_at_once(error: RetabError) -> None:
    scene = Scene(error)
    with pytest.raises(RetabError):
        await scene.play()
    assert (scene.attempts, scene.waits) == (1, [])


async def test_another_exception_is_raised_at_once() -> None:
    async def attempt() -> str:
        raise KeyError("a fault of this program")

    scene = Scene()
    with pytest.raises(KeyError):
        await with_retries(attempt, deadline=scene.deadline, sleep=scene.sleep)
    assert scene.waits == []


async def test_retry_after_is_waited_for() -> None:
    scene = Scene(RetabError(ErrorKind.RATE_LIMITED, "x", retry_after_s=7.0))
    assert await scene.play() == "answer"
    (wait,) = scene.waits
    assert 7.0 <= wait <= 7.25


async def test_a_retry_after_of_zero_still_backs_off() -> None:
    scene = Scene(*[RetabError(ErrorKind.UNAVAILABLE, "x", retry_after_s=0.0)] * 3)
    assert await scene.play() == "answer"

    assert all(map(operator.ge, scene.waits, [0.25, 0.5, 1.0]))


@pytest.mark.parametrize(
    ("retry_after_s", "seconds"),
    [(10.5, 50.0), (86_400.0, 50.0), (6.0, 5.0)],
    ids=["over the cap", "a day", "beyond the deadline"],
)
async def test_a_retry_after_that_is_too_long_is_reported(
    retry_after_s: float, seconds: float
) -> None:
    scene = Scene(
        RetabError(ErrorKind.RATE_LIMITED, "x", retry_after_s=retry_after_s), seconds=seconds
    )
    with pytest.raises(RetabError) as caught:
        await scene.play()
    assert caught.value.retry_after_s == retry_after_s
    assert (scene.attempts, scene.waits) == (1, [])


async def test_no_wait_goes_beyond_the_deadline() -> None:
    scene = Scene(DOWN, DOWN, DOWN, seconds=0.6)
    with pytest.raises(RetabError):
        await scene.play()
    assert scene.attempts == 2
    assert scene.now < 0.6
