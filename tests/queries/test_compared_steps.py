"""Payloads that are too large to be compared are named as a gap."""

import pytest

from retab_mcp.queries import explanation
from retab_mcp.queries.open_payloads import open_payloads
from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.records import Sample, SampleRun
from tests.labelled.flow import function_run, loop_run
from tests.support.asking import asking


def build_sample(name: str, run: SampleRun) -> Sample:
    return Sample(name=name, title=name, runs=(run,))


@pytest.mark.parametrize(
    ("most_bytes", "made", "gaps"),
    [
        (40, "y", 1),
        (1_000_000, "y", 0),
        # What a function passes on unchanged is known without opening it.
        (40, "x", 0),
    ],
)
async def test_large_payloads_are_a_gap(
    monkeypatch: pytest.MonkeyPatch, most_bytes: int, made: str, gaps: int
) -> None:
    async def bounded(inspector, run, steps, needed):  # type: ignore[no-untyped-def]
        return await open_payloads(inspector, run, steps, most_bytes, needed)

    monkeypatch.setattr(explanation, "open_payloads", bounded)
    build, _ = function_run("large", "Large", {"name": "x" * 90}, {"name": made * 90})
    run = build.run("completed", 3.0)
    async with asking(create_app("g3", [build_sample(build.name, run)])) as asker:
        answer = await asker.ask("get_run", run_id=run.id)
    assert len(answer.get("unavailable", [])) == gaps
    assert "findings" not in answer


async def test_functions_in_loops_are_no_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    async def bounded(inspector, run, steps, needed):  # type: ignore[no-untyped-def]
        outside = [step for step in steps if not step.loops]
        return await open_payloads(inspector, run, outside, needed=needed)

    monkeypatch.setattr(explanation, "open_payloads", bounded)
    build, _, _ = loop_run("many", "Many", [{"n": n} for n in range(3)], range(3))
    run = build.run("completed", 3.0)
    async with asking(create_app("g3", [build_sample(build.name, run)])) as asker:
        answer = await asker.ask("get_run", run_id=run.id)
    assert "unavailable" not in answer
