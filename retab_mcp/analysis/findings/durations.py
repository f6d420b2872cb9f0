"""Rules about how long steps took."""

from collections.abc import Iterator
from statistics import median

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.loops.loop_containers import CONTAINER_TYPES
from retab_mcp.analysis.time_account.intervals import length_ms
from retab_mcp.analysis.time_account.run_time import steps_times
from retab_mcp.digest.spoken_times import spoken_ms
from retab_mcp.models import FindingKind

# A step is slow when it took at least this long, this share of all steps' time, and this many
# times the median of the others.
SLOW_MS = 10_000
SLOW_SHARE = 0.5
SLOW_TIMES = 5


def find_slow_step(facts: RunFacts) -> Iterator[Finding]:
    """Yield a finding for a step that ran far longer than all others.

    Waiting for a review and between attempts does not count, nor do loops, whose steps count, and
    steps that ran at the same time count once in the time of all.
    """
    times = steps_times(facts.steps, facts.reviews, facts.artifacts, None)
    timed = [(each.active_ms, each.step) for each in times if each.step.type not in CONTAINER_TYPES]
    if len(timed) < 2:
        return
    longest, slow = max(timed, key=lambda one: one[0])
    usual = median(ms for ms, step in timed if step is not slow)
    total = length_ms(span for each in times for span in each.active)
    if longest >= SLOW_MS and longest >= SLOW_SHARE * total and longest >= SLOW_TIMES * usual:
        message = f"took {spoken_ms(longest)}; all steps together took {spoken_ms(total)}"
        if len(timed) > 2:
            message += f", half of the others at most {spoken_ms(round(usual))}"
        yield Finding(FindingKind.SLOW_STEP, message, "duration_ms").about(slow)
