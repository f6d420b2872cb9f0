"""What every model shares: it is frozen, and a field that nobody declared is a mistake."""

from datetime import datetime
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict

# Any JSON value as Python objects: dict, list, str, int, float, bool or None. Payloads are the
# caller's own data, so nothing narrower is true of them.
Json: TypeAlias = Any

MILLISECONDS = 1000


class Record(BaseModel):
    """Base of the models. Built by the normaliser, read by everyone else."""

    # Built at the first use: a server that starts has no use for them yet.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def elapsed_ms(started_at: datetime | None, completed_at: datetime | None) -> int | None:
    """Milliseconds from start to completion; None unless both are known and in order."""
    if started_at is None or completed_at is None or completed_at < started_at:
        return None
    return round((completed_at - started_at).total_seconds() * MILLISECONDS)
