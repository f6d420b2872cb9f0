"""The base of the models: frozen, without undeclared fields."""

from datetime import datetime
from functools import cache
from typing import Any, Self, TypeAlias

from pydantic import BaseModel, ConfigDict

# Any JSON value as Python objects: dict, list, str, int, float, bool or None. Payloads have no
# fixed shape.
Json: TypeAlias = Any

MILLISECONDS = 1000


# Past the check that a record is frozen.
_set = object.__setattr__


class Record(BaseModel):
    """Base of the models, which the package retab builds."""

    # Build validators at the first use, since a start does not need them.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def trusted(cls, fields: dict[str, Any]) -> Self:
        """Return a record with all of its `fields`, unchecked and kept as this dict.

        For records of which a run has thousands, and whose fields were read one by one.
        """
        made = cls.__new__(cls)
        _set(made, "__dict__", fields)
        _set(made, "__pydantic_fields_set__", _fields_of(cls))
        _set(made, "__pydantic_extra__", None)
        _set(made, "__pydantic_private__", None)
        return made


@cache
def _fields_of(record: type[Record]) -> set[str]:
    """Return the names of all fields: one set for all records, of which each copy gets its own."""
    return set(record.model_fields)


def elapsed_ms(started_at: datetime | None, completed_at: datetime | None) -> int | None:
    """Return the milliseconds from start to completion, None unless both are known and in order."""
    if started_at is None or completed_at is None or completed_at < started_at:
        return None
    return round((completed_at - started_at).total_seconds() * MILLISECONDS)
