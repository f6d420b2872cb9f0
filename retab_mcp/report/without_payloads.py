"""Leave the contents of documents out of a picture."""

from collections.abc import Mapping
from typing import Any

from retab_mcp.report.collect import Picture

# Fields that hold no text from payloads. Whatever is not named here is left out, so that a new
# field of an answer cannot leak one.
_RUN = frozenset(
    {
        *("run_id", "status", "step_counts", "cause", "restart", "inputs_from", "handles"),
        *("downstream", "other_failures", "waiting", "findings", "running", "queued", "history"),
        *("workflow", "created_at", "started_at", "completed_at", "duration_ms", "time"),
        *("cost_usd", "unavailable", "truncated", "run_link"),
    }
)
_CAUSE = frozenset(
    {
        *("step_id", "block_id", "label", "type", "message", "stage", "category", "kind"),
        "suggestion",
    }
)
_FINDING = frozenset({"kind", "step_id", "block_id", "count", "artifact_id"})
_FAILURE = frozenset({"step_id", "block_id", "message", "kind", "count", "iterations_from_0"})


def without_payloads(picture: Picture) -> Picture:
    """Return the picture without inputs, outputs, evidence and values; error messages stay."""
    run = _only(picture.run, _RUN)
    if "cause" in run:
        run["cause"] = _only(run["cause"], _CAUSE)
    if "findings" in run:
        run["findings"] = [_only(finding, _FINDING) for finding in run["findings"]]
    if "other_failures" in run:
        others = run["other_failures"]
        failures = [_only(failure, _FAILURE) for failure in others.get("failures", [])]
        run["other_failures"] = {**others, "failures": failures}
    return Picture(run, picture.rows, picture.left_out)


def _only(fields: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name in names}
