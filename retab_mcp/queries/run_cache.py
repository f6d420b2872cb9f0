"""Cache summaries of finished runs for a few minutes, separately for each caller."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cachetools import TTLCache

from retab_mcp.analysis.history import RunHistory
from retab_mcp.models import Run, StepSummary
from retab_mcp.queries.run_facts import Explanation
from retab_mcp.retab.credential import Credential
from retab_mcp.retab.observer import Observer
from retab_mcp.retab.usage import RunCredits

# A conversation returns to its run within minutes, and a finished run does not change.
SECONDS = 300.0
# Some thousand usual runs of about 20 kB, or eight with 10,000 steps.
MAX_BYTES = 128 * 1024 * 1024

# Python objects take about four times the bytes of their text as JSON.
OBJECT_FACTOR = 4
# Bytes of a run with its explanation, of a step summary, and of a loop position, each besides its
# texts. Serialising each step summary to measure it would take longer than reading it.
RUN_BYTES = 8_000
STEP_BYTES = 1_000
LOOP_BYTES = 250


@dataclass(frozen=True)
class CachedRun:
    """A finished run with its steps (once all were read), its explanation and its history.

    `loop_items` are the numbers of items that its loops got, by step id. `steps_bytes` is the
    estimated size of the steps, measured once: copies with more facts keep it.
    """

    run: Run
    steps: tuple[StepSummary, ...] | None = None
    explanation: Explanation | None = None
    history: RunHistory | None = None
    loop_items: Mapping[str, int] | None = None
    credits: RunCredits | None = None
    steps_bytes: int | None = None

    def __post_init__(self) -> None:
        """Measure the steps, unless this is a copy."""
        if self.steps_bytes is None:
            object.__setattr__(self, "steps_bytes", sum(map(_step_bytes, self.steps or ())))

    @cached_property
    def size(self) -> int:
        """Estimated bytes of memory; of the explanation only what it adds to run and steps."""
        found = self.explanation
        explained = (
            repr((found.cause, found.suspicious, found.findings, found.reviews)) if found else ""
        )
        texts = len(self.run.model_dump_json()) + len(explained)
        return RUN_BYTES + OBJECT_FACTOR * texts + (self.steps_bytes or 0)


class RunCache:
    """The cache of a server, by credential; `clock` gives monotonic seconds.

    `observer` is notified of hits and misses.
    """

    def __init__(self, clock: Callable[[], float], observer: Observer | None = None) -> None:
        self._observer = observer or Observer()
        self._cache: TTLCache[tuple[str, str], CachedRun] = TTLCache(
            MAX_BYTES, SECONDS, timer=clock, getsizeof=lambda cached: cached.size
        )

    def of(self, credential: Credential) -> "CallerRunCache":
        """Return the part of the cache that belongs to one caller."""
        return CallerRunCache(self._cache, credential.fingerprint, self._observer)


class CallerRunCache:
    """The runs of one caller."""

    def __init__(
        self, cache: TTLCache[tuple[str, str], CachedRun], caller: str, observer: Observer
    ) -> None:
        self._cache = cache
        self._caller = caller
        self._observer = observer

    def get(self, run_id: str) -> CachedRun | None:
        """Return a cached run, None if it is not cached."""
        cached = self._cache.get((self._caller, run_id))
        self._observer.looked_up(hit=cached is not None)
        return cached

    def put(self, cached: CachedRun) -> None:
        """Cache a run if it is finished and not larger than the whole cache."""
        if cached.run.finished and cached.size <= MAX_BYTES:
            self._cache[self._caller, cached.run.id] = cached


def _step_bytes(step: StepSummary) -> int:
    if step.failure is not None:
        return STEP_BYTES + OBJECT_FACTOR * len(step.model_dump_json())
    texts = (step.step_id, step.block_id, step.type, step.label, step.reason, step.model)
    return STEP_BYTES + sum(len(text) for text in texts if text) + LOOP_BYTES * len(step.loops)
