"""Tell whether an answer holds text that others wrote: authors of workflows, documents, APIs."""

import re
from collections.abc import Iterator

from retab_mcp.models import Json
from retab_mcp.models.status import Status

# Fields that hold sentences and words that this server writes.
_OWN_FIELDS = frozenset(
    (
        *("arguments", "began_on", "failed_per_day", "other_chosen", "stopped_on", "time_zone"),
        *("completed_at", "created_at", "differs", "error", "first_seen", "found_by"),
        *("from_date", "hidden", "hint", "instruction_paths", "kind", "last_seen", "next_calls"),
        *("only_in", "order", "problem", "reasons", "restart", "searched", "started_at", "state"),
        *("suggestion", "to_date", "tool", "trend", "truncated", "unavailable", "unit", "why"),
    )
)
# Fields of the API that hold names and words: text only if they are more than one word.
_WORD_FIELDS = frozenset(
    (
        *(
            "artifact",
            "blocks",
            "category",
            "changed",
            "changed_blocks",
            "inputs_from",
            "model",
            "only_in_other",
        ),
        *("only_in_run", "operation", "other_model", "other_path", "path", "paths", "stage"),
        *("trigger", "type", "waiting_for"),
    )
)
_WORD = re.compile(r"[\w./~$\[\]#:*\-]{1,200}")
_STATUS_FIELDS = frozenset(("status", "other_status", "status_before", "step_counts"))
_STATUSES = frozenset(Status)
# Parts of answers, whose fields are read one by one.
_PARTS = frozenset(
    (
        *("cause", "compared_to", "differences", "downstream", "durations", "evidence", "failing"),
        *("failures",),
        *("fields", "findings", "first_difference", "first_with_same_inputs", "groups", "history"),
        *("newest_run", "version_after", "version_before"),
        *("last_good", "loop", "matches", "metrics", "models", "moved", "next_good"),
        *("other_failures", "restart_of", "restarted_as", "rows", "run", "same_inputs_later"),
        *(
            "running",
            "summary",
            "suspicious_inputs",
            "targets",
            "trigger",
            "values",
            "workflow",
            "workflow_version",
        ),
    )
)


def holds_third_party_text(fields: dict[str, Json]) -> bool:
    """Return whether a field of an answer holds text that this server did not write.

    A field that is not known to hold an id, a time or the server's own words counts, so that a new
    one is labelled until it is listed here.
    """
    level: list[tuple[str, Json]] = list(fields.items())
    while level:
        name, value = level.pop()
        if name in _PARTS and isinstance(value, dict | list):
            parts = value if isinstance(value, list) else [value]
            for part in parts:
                level += part.items() if isinstance(part, dict) else [("", part)]
        elif name in _STATUS_FIELDS:
            if any(word not in _STATUSES for word in _texts(value)):
                return True
        elif name in _WORD_FIELDS or name == "id" or name.endswith(("_id", "_ids")):
            if not all(map(_WORD.fullmatch, _texts(value))):
                return True
        elif name not in _OWN_FIELDS and any(True for _ in _texts(value)):
            return True
    return False


def _texts(value: Json) -> Iterator[str]:
    """Yield the texts of a value and of its members, names of members included."""
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, dict):
        yield from value
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)
