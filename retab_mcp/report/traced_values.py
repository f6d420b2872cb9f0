"""The values whose way the page shows: those that get_run finds wrong."""

from collections.abc import Mapping
from typing import Any


def traced_values(run: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the arguments of trace_value, without the run's id, for the values that get_run names.

    These are suspicious inputs of the failed step, values that it sent and that were refused, and
    values that findings are about.
    """
    found: list[tuple[str, str]] = []
    cause = run.get("cause", {})
    step = cause.get("step_id")
    if step:
        found += [(step, one["path"]) for one in run.get("suspicious_inputs", [])]
        evidence = cause.get("evidence")
        sent = evidence.get("sent", []) if isinstance(evidence, Mapping) else []
        found += [(step, one["path"]) for one in sent if isinstance(one, Mapping) and "path" in one]
    for finding in run.get("findings", []):
        if "step_id" in finding:
            found += [(finding["step_id"], path) for path in finding.get("paths", [])]
    return [{"step_id": step_id, "path": path} for step_id, path in dict.fromkeys(found)]
