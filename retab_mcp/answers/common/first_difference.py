"""The first difference between two runs in execution order."""

from retab_mcp.analysis.compare.good_run import ratio_of
from retab_mcp.analysis.compare.json_diff import CHANGED
from retab_mcp.analysis.compare.run_diff import Difference
from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.answers.common.answer import Part
from retab_mcp.models import Json, Run


class FirstDifference(Part):
    """The first difference in execution order.

    With the same inputs, the worst change of the step's output; `ratio` is `a` divided by `b`.
    """

    block_id: str
    step_id: str | None = None
    differs: str
    same_inputs: bool | None = None
    path: str | None = None
    a: Json = None
    b: Json = None
    ratio: float | None = None

    def _keeps(self, name: str) -> bool:
        # A null is often the difference.
        return self.path is not None and name in ("a", "b")


def first_difference(difference: Difference | None, run: Run, other: Run) -> FirstDifference | None:
    """Return a difference in short; its step id is that of the first run, if that has the step."""
    if difference is None:
        return None
    of = run if difference.step is not None else other
    step_id = short_step_id(difference.example.step_id, of.id)
    changed = list(difference.changes.values()) if difference.same_inputs else []
    worst = next((one.change for one in changed if one.change.kind == CHANGED), None)
    return FirstDifference(
        block_id=difference.block_id,
        step_id=step_id if step_id != difference.block_id else None,
        differs=difference.kind,
        same_inputs=bool(difference.same_inputs) or None,
        path=worst.path if worst is not None else None,
        a=worst.value if worst is not None else None,
        b=worst.other if worst is not None else None,
        ratio=ratio_of(worst.value, worst.other) if worst is not None else None,
    )
