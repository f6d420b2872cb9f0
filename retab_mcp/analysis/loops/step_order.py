"""The order of steps, and how many have each status."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from retab_mcp.models import StepSummary

_NEVER = datetime.max.replace(tzinfo=UTC)


def in_execution_order(steps: Sequence[StepSummary]) -> list[StepSummary]:
    """Return `steps` by start time; those that never started come last, in the order given."""
    return sorted(steps, key=lambda step: step.started_at or _NEVER)


def count_by_status(steps: Sequence[StepSummary]) -> dict[str, int]:
    """Return how many of `steps` have each status, most frequent first."""
    return dict(Counter(step.status for step in steps).most_common())
