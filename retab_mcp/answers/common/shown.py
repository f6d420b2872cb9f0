"""Choose the fields of a record that an overview shows."""

from collections.abc import Iterable

from retab_mcp.models import Json


def shown_of(record: dict[str, Json], names: Iterable[str]) -> dict[str, Json]:
    """Return the named fields of a record; the end is left out if start and duration are shown."""
    shown = {name: record[name] for name in names if name in record}
    if {"started_at", "duration_ms"} <= shown.keys():
        shown.pop("completed_at", None)
    return shown
