"""Compare how long blocks ran in two runs, without the time in which they waited."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retab_mcp.analysis.loops.loop_containers import CONTAINER_TYPES
from retab_mcp.analysis.time_account.intervals import Span, length_ms, minus
from retab_mcp.analysis.time_account.step_time import review_spans, step_time
from retab_mcp.models import Review, StepSummary

# A block's durations differ when one is this many times the other, and this much longer. Smaller
# differences are ordinary.
SLOWER = 2.0
SLOWER_BY_MS = 1_000


@dataclass(frozen=True, slots=True)
class BlockDuration:
    """Milliseconds in which a block ran in each run, over the steps that both runs have.

    Steps that ran at the same time count once, and waiting for a review does not count.
    """

    block_id: str
    ms: int
    other_ms: int


def block_durations(
    pairs: Iterable[tuple[StepSummary, StepSummary]],
    reviews: Sequence[Review] = (),
    other_reviews: Sequence[Review] = (),
) -> tuple[BlockDuration, ...]:
    """Return the blocks whose durations differ, the largest difference first.

    `pairs` are the same step in one run and in the other one, `reviews` and `other_reviews` those
    of the runs.
    """
    mine: dict[str, _Total] = defaultdict(_Total)
    theirs: dict[str, _Total] = defaultdict(_Total)
    for step, other in pairs:
        if step.elapsed_ms is not None and other.elapsed_ms is not None:
            mine[step.block_id].add(step, reviews)
            theirs[step.block_id].add(other, other_reviews)
    found = [BlockDuration(block, mine[block].ms, theirs[block].ms) for block in mine]
    different = [each for each in found if _differ(each.ms, each.other_ms)]
    return tuple(sorted(different, key=lambda each: -abs(each.ms - each.other_ms)))


class _Total:
    """The time of a block's steps in one run."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._without_times = 0

    def add(self, step: StepSummary, reviews: Sequence[Review]) -> None:
        time = step_time(step, reviews)
        if time is not None and step.type in CONTAINER_TYPES:
            # The steps inside wait for their reviews while the loop is unfinished.
            self._spans += minus(time.active, review_spans(reviews))
        elif time is not None:
            self._spans += time.active
        else:
            self._without_times += step.elapsed_ms or 0

    @property
    def ms(self) -> int:
        return length_ms(self._spans) + self._without_times


def _differ(ms: int, other_ms: int) -> bool:
    shorter, longer = sorted((ms, other_ms))
    return longer - shorter >= SLOWER_BY_MS and longer >= SLOWER * shorter
