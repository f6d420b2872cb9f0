"""Say what two runs cannot be compared in."""

from retab_mcp.digest.text import clip
from retab_mcp.models import ErrorKind, Run, Status
from retab_mcp.models.status import UNFINISHED
from retab_mcp.queries.errors import QuestionError

# Estimated tokens of a file name.
NAME_TOKENS = 20


def refuse_other_workflow(run: Run, other: Run, first_id: str, other_id: str) -> None:
    """Raise QuestionError if the runs are of two workflows, whose steps have nothing in common."""
    workflows = run.workflow_id, other.workflow_id
    if None not in workflows and workflows[0] != workflows[1]:
        names = {
            each.workflow_id or "": each.workflow_name or each.workflow_id for each in (run, other)
        }
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            f"{first_id} and {other_id} are runs of two workflows.",
            hint="Compare two runs of one workflow; without other_run_id, the last run that "
            "worked is taken.",
            facts={"workflow_names": names},
        )


def not_comparable(run: Run, other: Run) -> list[str]:
    """Return sentences about what two runs (a and b) cannot be compared in."""
    said = [
        text
        for side, one in (("a", run), ("b", other))
        if (text := _ended_early(side, one)) is not None
    ]
    documents = _documents(run, other)
    return [*said, documents] if documents else said


def _ended_early(side: str, run: Run) -> str | None:
    if run.status == Status.CANCELLED:
        return f"{side} was cancelled: steps and values that it lacks were not reached"
    if run.status in UNFINISHED or run.status == Status.AWAITING_REVIEW:
        return f"{side} is {run.status}: steps and values that it lacks may still follow"
    return None


def _documents(run: Run, other: Run) -> str | None:
    """Return a sentence if the runs got documents that differ by name, or by id without names."""
    mine, theirs = _named(run), _named(other)
    if mine == theirs or not mine or not theirs:
        return None
    a, b = (clip(", ".join(sorted(set(one.values()))), NAME_TOKENS) for one in (mine, theirs))
    return f"the documents are others (a: {a}; b: {b}), so values read from them differ"


def _named(run: Run) -> dict[str, str]:
    """Return the documents by block: their names, or the ids of those without one."""
    found = {}
    for block, document in run.inputs.documents.items():
        if isinstance(document, dict):
            name = document.get("filename") or document.get("id")
            if isinstance(name, str):
                found[block] = name
    return found
