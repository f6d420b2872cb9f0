"""Responses of called APIs that no record shows: the outputs of the steps."""

from collections.abc import Iterator

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.responses.find import find_in_body
from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.models import Operation, Status

_CALLS = "api_call"


def find_refused_calls(facts: RunFacts) -> Iterator[Finding]:
    """Yield a finding for each completed call without a record whose output says it failed.

    The method is unknown, so that words are read as those of data that was asked for.
    """
    for step in facts.steps:
        artifact = facts.artifacts.get(step.step_id)
        if step.type != _CALLS or step.status != Status.COMPLETED:
            continue
        if artifact is not None and artifact.operation == Operation.API_CALL_INVOCATION:
            continue
        payload = facts.payloads.get(step.step_id)
        for handle, held in (payload.handle_outputs if payload else {}).items():
            found = list(
                find_in_body(
                    as_dict(held).get("data"),
                    "the call",
                    status=None,
                    writes=False,
                    pointer=f"/handle_outputs/{handle}/data",
                )
            )
            if found:
                yield found[0].about(step)
                break
