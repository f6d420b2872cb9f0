"""Finished runs are cached for their caller, for a while, and within bounds."""

from retab_mcp.models import Run, StepSummary
from retab_mcp.queries.run_cache import SECONDS, CachedRun, RunCache
from retab_mcp.retab.credential import Credential

DONE = Run(id="run_1", generation="g3", status="completed")
STEP = StepSummary(run_id="run_1", step_id="s", block_id="b", status="completed")


class Clock:
    """A clock that changes only when it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_finished_run_is_cached_with_its_steps() -> None:
    cache = RunCache(Clock()).of(Credential("k"))
    cache.put(CachedRun(DONE, (STEP,)))
    assert cache.get("run_1") == CachedRun(DONE, (STEP,))


def test_callers_do_not_share_entries() -> None:
    runs = RunCache(Clock())
    runs.of(Credential("one")).put(CachedRun(DONE))
    assert runs.of(Credential("two")).get("run_1") is None
    assert runs.of(Credential("one")).get("run_1") == CachedRun(DONE)


def test_an_unfinished_run_is_not_cached() -> None:
    cache = RunCache(Clock()).of(Credential("k"))
    for status in ("running", "awaiting_review", "pending", "a new word"):
        cache.put(CachedRun(DONE.model_copy(update={"status": status})))
        assert cache.get("run_1") is None


def test_entries_expire() -> None:
    clock = Clock()
    cache = RunCache(clock).of(Credential("k"))
    cache.put(CachedRun(DONE))
    clock.now = SECONDS - 1
    assert cache.get("run_1") is not None
    clock.now = SECONDS + 1
    assert cache.get("run_1") is None
