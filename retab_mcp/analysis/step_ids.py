"""Step ids as answers print them: without the id of the run, which the answer names once."""

from collections.abc import Iterable

from retab_mcp.models import StepSummary

# Characters that surround an id copied from text; they are stripped when ids are read.
WRAPPING = " \t\r\n\"'`<>()[],;"


def is_url(text: str) -> bool:
    """Return whether a text given as an id is a URL."""
    return "://" in text or text.startswith("/")


def short_step_id(step_id: str, run_id: str) -> str:
    """Return a step's id without its run's id in front, if get_step finds it without that.

    Ids that do not start with the run's id (before May 2026 most are block ids) stay as they are.
    """
    rest = step_id.removeprefix(f"{run_id}_")
    is_plain = rest == rest.strip(WRAPPING) and not is_url(rest)
    return rest if rest and is_plain else step_id


def full_step_ids(text: str, run_id: str) -> tuple[str, ...]:
    """Return the full ids that `text` can mean, in the order in which they are tried."""
    prefix = f"{run_id}_"
    return (text,) if text.startswith(prefix) else (text, prefix + text)


def steps_named(text: str, run_id: str, steps: Iterable[StepSummary]) -> list[StepSummary]:
    """Return the steps that `text` names: by exact id, else run id + `_` + `text`, else block id.

    Several steps can have the same id or block in a loop.
    """
    names = full_step_ids(text, run_id)
    found: dict[int, list[StepSummary]] = {}
    for step in steps:
        rank = name_rank(step, text, names)
        if rank is not None:
            found.setdefault(rank, []).append(step)
    return found[min(found)] if found else []


def name_rank(step: StepSummary, text: str, names: tuple[str, ...]) -> int | None:
    """Return how well `text` names a step, 0 the best; None if it does not.

    `names` are the `full_step_ids` of `text`.
    """
    if step.step_id in names:
        return names.index(step.step_id)
    return len(names) if step.block_id == text else None
