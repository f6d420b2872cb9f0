"""Choose the payloads in which a rule across steps may find something, opening none."""

import re
from collections.abc import Collection, Sequence
from typing import Any

import re2  # type: ignore[import-untyped]

from retab_mcp.analysis.code_steps import CODE_TYPES
from retab_mcp.analysis.findings.across.merges import is_merge
from retab_mcp.analysis.loops.loop_containers import CONTAINER_TYPES
from retab_mcp.digest.hidden import MAY_LOOK_ALIKE
from retab_mcp.models import Status, Step, StepSummary
from retab_mcp.retab.normalize.handles import lacking, passes_on

# More names than this are not searched for: the pattern would take more than opening.
MAX_NAMES = 200


class NeededPayloads:
    """The payloads that rules across the steps of one run need.

    Of a run with loops all are needed, since any output may be what a loop runs over. `names` are
    the bare names (lower-case letters and digits) of the only fields of interest; None means all.
    """

    def __init__(self, steps: Sequence[StepSummary], names: Collection[str] | None = None) -> None:
        self._all = any(step.loops or step.type in CONTAINER_TYPES for step in steps)
        few = names is not None and len(names) <= MAX_NAMES
        self._names = _keys_of(names) if names is not None and few else None

    def among(self, steps: Sequence[Step]) -> list[Step]:
        """Return the steps of which a rule may say something, in their order.

        Of a function that is no merge, only the fields that it changes say something, and in a
        lookup texts that look alike.
        """
        if self._all:
            return [*steps]
        plain = [step for step in steps if _is_plain_function(step.summary)]
        completed = [step for step in plain if step.summary.status == Status.COMPLETED]
        skipped = {*map(id, plain)}.difference(map(id, completed))
        if self._names is not None:
            skipped |= _without(completed, self._names)
        left = [step for step in completed if id(step) not in skipped]
        skipped |= _without([step for step in left if passes_on(step.payload)], MAY_LOOK_ALIKE)
        return [step for step in steps if id(step) not in skipped]


def _is_plain_function(step: StepSummary) -> bool:
    return step.type in CODE_TYPES and not is_merge(step)


def _without(steps: Sequence[Step], pattern: Any) -> set[int]:
    """Return the `id` of each step whose outputs are certain not to match."""
    sealed = [(id(step), step.payload.sealed_outputs) for step in steps]
    known = [(key, outputs) for key, outputs in sealed if outputs is not None]
    found = lacking([outputs for _, outputs in known], pattern)
    return {key for (key, _), lacks in zip(known, found, strict=True) if lacks}


def _keys_of(names: Collection[str]) -> Any:
    """Return an RE2 pattern of the keys of JSON with these bare names, in any spelling."""
    spelled = (r"[^a-z0-9\"]*".join(map(re.escape, name)) for name in names if name.isascii())
    keys = "|".join(sorted(spelled)) or r"\z."
    return re2.compile(rf'(?i)"[^a-z0-9"]*(?:{keys})[^a-z0-9"]*"\s*:'.encode())
