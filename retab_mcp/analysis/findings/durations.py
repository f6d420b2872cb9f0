"""Rules about how long steps took."""

from collections.abc import Iterator
from statistics import median

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.loops.loop_containers import CONTAINER_TYPES
from retab_mcp.models import FindingKind

# A step is slow when it took at least this long, this share of all steps' time, and this many
# times the median of the others.
SLOW_MS = 10_000
SLOW_SHARE = 0.5
SLOW_TIMES = 5


def find_slow_step(facts: RunFacts) -> Iterator[Finding]:
    """Yield a finding for a step that took far longer than all others.

    Loops are left out because their steps are counted, reviewed steps because a person took the
    time.
    """
    reviewed = {review.block_id for review in facts.reviews}
    timed = [
        (elapsed, step)
        for step in facts.steps
        if (elapsed := step.elapsed_ms) is not None
        and step.type not in CONTAINER_TYPES
        and step.block_id not in reviewed
    ]
    if len(timed) < 2:
        return
    longest, slow = max(timed, key=lambda one: one[0])
    others = [elapsed for elapsed, step in timed if step is not slow]
    total = sum(others) + longest
    if (
        longest >= SLOW_MS
        and longest >= SLOW_SHARE * total
        and longest >= SLOW_TIMES * median(others)
    ):
        message = f"took {longest} ms of the {total} ms of all steps"
        yield Finding(FindingKind.SLOW_STEP, message, "duration_ms").about(slow)
