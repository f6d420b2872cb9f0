"""The steps behind rows of list_steps."""

from collections.abc import Iterator, Mapping
from typing import Any

Rows = Mapping[str, list[dict[str, Any]]]

# Steps with these statuses have nothing to say, so they are read last.
_QUIET = frozenset({"completed", "skipped", "pending", "queued", "cancelled"})


def is_loop(row: Mapping[str, Any]) -> bool:
    """Return whether a row is a loop."""
    return "iterations" in row


def step_ids_by_worth(run: Mapping[str, Any], rows: Rows) -> list[str]:
    """Return the ids of the steps to read, those that explain the run first.

    First come the steps that get_run names, then those that failed, wait or run, then the rest.
    Steps that list_steps only counts are left out: they never ran.
    """
    listed = [(row["status"], step) for row in _every(rows) if (step := step_of(row))]
    known = {step for _, step in listed}
    order = [
        *(name for name in _named(run) if name in known),
        *(step for status, step in listed if status not in _QUIET),
        *(step for _, step in listed),
    ]
    return list(dict.fromkeys(order))


def step_of(row: Mapping[str, Any]) -> str | None:
    """Return the id by which get_step reads the step of a row, None if it has no own step.

    A loop inside another has one step per iteration, which its row does not name.
    """
    if "block_id" not in row or (is_loop(row) and row.get("iteration")):
        return None
    step: str = row.get("step_id") or row["block_id"]
    return step


def _every(rows: Rows) -> Iterator[dict[str, Any]]:
    for each in rows.values():
        yield from each


def _named(value: Any) -> Iterator[str]:
    """Yield the texts in an answer; step ids are among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _named(each)
    elif isinstance(value, list):
        for each in value:
            yield from _named(each)
