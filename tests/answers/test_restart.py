"""get_run says whether to restart, in every generation that records what was called."""

from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Sample
from tests.support.asking import asking

CREATED_AT = "2026-09-02T06:30:00Z"
# API calls have records since g2b; g1 and g2a keep the last attempt in the step's output.
GENERATIONS = ("g1", "g2a", "g2b", "g2c", "g2e", "g3")


async def answer_about(
    generation: str, method: str, status: int, message: str
) -> tuple[dict[str, Any], list[str]]:
    """Return the answer about a run that called a dock, then failed; and the requests."""
    graph = workflow(
        "dock",
        "Dock",
        block("arrive", "start_json", "Truck arrives"),
        block("reserve", "api_call", "Reserve a dock"),
        block("label", "api_call", "Order the label"),
        "arrive > reserve > label",
    )
    build = RunBuilder(f"dock-{method}-{status}", graph, CREATED_AT)
    build.start("arrive", {"truck": "T-9"})
    url = "https://dock.example/slots"
    ref = build.call(url, (status, {"id": 4})) if method == "POST" else None
    typed = {"method": method, "url": url, "status_code": status, "response_data": {"id": 4}}
    build.complete("reserve", {"id": 4}, artifact=ref, output=typed)
    own = build.call("https://label.example", (503, None), name="label")
    output = {"method": "POST", "url": "https://label.example", "status_code": 503}
    step = build.fail("label", message, category=None, artifact=own, output=output)
    run = build.failed(step, 2.0)
    app = create_app(generation, [Sample("dock", "", (run,))])
    async with asking(app) as asker:
        answer = await asker.ask("get_run", run_id=run.id)
    return answer, [request.path for request in app.state.requests]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_call_that_succeeded_is_sent_again(generation: str) -> None:
    answer, requests = await answer_about(generation, "POST", 201, "503 Service Unavailable")
    assert answer["restart"] == {
        "verdict": "may_repeat",
        "why": "reserve got 201 for its POST, which a restart sends again",
    }
    assert len(requests) <= 9


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_call_without_record_is_to_be_checked(generation: str) -> None:
    answer, _ = await answer_about(generation, "GET", 200, "503 Service Unavailable")
    known = generation in ("g1", "g2a")
    assert answer["restart"]["verdict"] == ("safe" if known else "may_repeat")
    assert known or answer["restart"]["why"].startswith("no record shows what reserve changed")
