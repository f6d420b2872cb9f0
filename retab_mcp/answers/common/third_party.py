"""Tell whether an answer holds text that others wrote: authors of workflows, documents, APIs."""

import re
from collections.abc import Iterator

from retab_mcp.models import Json
from retab_mcp.models.status import Status

# Fields that hold sentences and words that this server writes.
_OWN_FIELDS = """
arguments b_chosen began_on completed_at created_at differs error example_link failed_per_day
first_seen found_by from_date hidden hint instruction_paths kind last_seen next_calls only_in order
problem reasons restart run_link same searched started_at state stopped_on suggestion time_zone
to_date tool trend truncated unavailable unit why
"""
# Fields of the API that hold names and words: text only if they are more than one word.
_WORD_FIELDS = """
artifact b_path blocks category changed changed_blocks inputs_from model only_in_a only_in_b
operation path path_before paths places stage trigger type waiting_for
"""
_WORD = re.compile(r"[\w./~$\[\]#:*\-]{1,200}")
_STATUS_FIELDS = frozenset(("status", "a_status", "b_status", "status_before", "step_counts"))
_STATUSES = frozenset(Status)
# Parts of answers, whose fields are read one by one.
_PARTS = """
cause compared_to differences downstream durations evidence failing failures fields findings
first_difference first_with_same_inputs groups history last_good loop matches metrics models
moved newest_run next_good other_failures restart_of restarted_as rows running same_inputs_later
summary suspicious_inputs targets trigger values version_after version_before workflow
workflow_version
"""

_OWN = frozenset(_OWN_FIELDS.split())
_WORDS = frozenset(_WORD_FIELDS.split())
_READ = frozenset(_PARTS.split())
# The two runs of a comparison. Inside other parts, these are values of payloads.
_SIDES = ("a", "b")


def holds_third_party_text(fields: dict[str, Json]) -> bool:
    """Return whether a field of an answer holds text that this server did not write.

    A field that is not known to hold an id, a time or the server's own words counts, so that a new
    one is labelled until it is listed here.
    """
    level: list[tuple[str, Json]] = []
    for name, value in fields.items():
        is_side = name in _SIDES and isinstance(value, dict)
        level += value.items() if is_side else [(name, value)]
    while level:
        name, value = level.pop()
        if name in _READ and isinstance(value, dict | list):
            parts = value if isinstance(value, list) else [value]
            for part in parts:
                level += part.items() if isinstance(part, dict) else [("", part)]
        elif name in _STATUS_FIELDS:
            if any(word not in _STATUSES for word in _texts(value)):
                return True
        elif name in _WORDS or name == "id" or name.endswith(("_id", "_ids")):
            if not all(map(_WORD.fullmatch, _texts(value))):
                return True
        elif name not in _OWN and any(True for _ in _texts(value)):
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
