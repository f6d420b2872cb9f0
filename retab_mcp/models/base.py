"""The base of the models: frozen, without undeclared fields."""

from datetime import datetime
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict

# Any JSON value as Python objects: dict, list, str, int, float, bool or None. Payloads have no
# fixed shape.
Json: TypeAlias = Any

MILLISECONDS = 1000


class Record(BaseModel):
    """Base of the models, which the package retab builds."""

    # Build validators at the first use, since a start does not need them.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def elapsed_ms(started_at: datetime | None, completed_at: datetime | None) -> int | None:
    """Return the milliseconds from start to completion, None unless both are known and in order."""
    if started_at is None or completed_at is None or completed_at < started_at:
        return None
    return round((completed_at - started_at).total_seconds() * MILLISECONDS)
