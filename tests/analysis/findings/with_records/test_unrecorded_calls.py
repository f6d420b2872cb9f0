"""Outputs of calls without a record."""

from collections.abc import Callable
from typing import Any

from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.findings.with_records.unrecorded_calls import find_refused_calls
from retab_mcp.models import Artifact, StepPayload, StepSummary

Make = Callable[..., StepSummary]


def refused(make_step: Make, *outputs: Any, **fields: Any) -> list[tuple[str, tuple[str, ...]]]:
    step = make_step("book", **{"type": "api_call", **fields})
    other = make_step("shape", 0)
    handles = {f"out-{at}": {"type": "json", "data": data} for at, data in enumerate(outputs)}
    payload = StepPayload({}, handles)
    facts = RunFacts((other, step), payloads={step.step_id: payload, other.step_id: payload})
    return [(one.message, one.paths) for one in find_refused_calls(facts)]


def test_an_output_that_says_the_call_failed_is_a_finding_once(make_step: Make) -> None:
    failed = {"success": False, "error": "order 7 is unknown"}
    ((message, paths),) = refused(make_step, {"ok": True}, failed, failed)
    assert "order 7 is unknown" in message
    assert paths[0].startswith("/handle_outputs/out-1/data")


def test_a_call_that_worked_or_failed_itself_is_no_such_finding(make_step: Make) -> None:
    failed = {"success": False, "error": "order 7 is unknown"}
    assert refused(make_step, {"ok": True}) == []
    assert refused(make_step, failed, status="error") == []
    assert refused(make_step, failed, type="function") == []


def test_a_call_with_a_record_is_judged_by_that(make_step: Make) -> None:
    steps = [make_step(name, type="api_call") for name in ("recorded", "other")]
    payload = StepPayload({}, {"out": {"data": {"success": False, "error": "unknown order"}}})
    record = Artifact(id="a", operation="api_call_invocation", data={})
    facts = RunFacts(
        tuple(steps),
        artifacts={steps[0].step_id: record},
        payloads={step.step_id: payload for step in steps},
    )
    assert [one.block_id for one in find_refused_calls(facts)] == ["other"]
