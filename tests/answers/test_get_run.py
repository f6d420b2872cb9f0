"""get_run: its requests, its cache, and waiting for a run to end."""

import json
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retab_mcp.queries.service import Service
from retab_mcp.sandbox.app import create_app
from tests.samples import all_samples
from tests.support.asking import BASE_URL, asking, text_of

SAMPLES = {sample.name: sample for sample in all_samples()}


@pytest.mark.parametrize(
    ("name", "requests"),
    [("erp-unavailable", 7), ("credit-wrong-hint", 6), ("invoice-unsure", 9), ("rates-slow", 9)],
)
async def test_requests_are_bounded(name: str, requests: int) -> None:
    app = create_app("g3", [SAMPLES[name]])
    async with asking(app) as asker:
        await asker.ask("get_run", run_id=SAMPLES[name].runs[0].id)
    assert len(app.state.requests) <= requests


async def test_a_finished_run_is_cached() -> None:
    app = create_app("g3", [SAMPLES["erp-unavailable"]])
    run_id = SAMPLES["erp-unavailable"].runs[0].id
    async with asking(app) as asker:
        first = await asker.ask("get_run", run_id=run_id)
        asked = len(app.state.requests)
        assert await asker.ask("get_run", run_id=run_id) == first
    assert len(app.state.requests) == asked


async def test_what_could_not_be_read_is_requested_again() -> None:
    answers = [Response(status_code=403)]

    async def intercept(request: Request) -> Response | None:
        is_artifact = request.url.path.startswith("/v1/workflows/artifacts/")
        return answers.pop() if is_artifact and answers else None

    app = create_app("g3", [SAMPLES["erp-unavailable"]], intercept=intercept)
    run_id = SAMPLES["erp-unavailable"].runs[0].id
    async with asking(app) as asker:
        first = await asker.ask("get_run", run_id=run_id)
        second = await asker.ask("get_run", run_id=run_id)
    assert "response_body" not in first["cause"]["evidence"]
    assert first["unavailable"]
    assert second["cause"]["evidence"]["status"] == 503


class Waiting:
    """A run that ends after a number of requests, and a clock that only sleeping advances."""

    def __init__(self, looks: int) -> None:
        self.looks = looks
        self.now = 0.0
        self.run = SAMPLES["lading-running"].runs[0]

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    async def intercept(self, request: Request) -> Response | None:
        if not request.url.path.endswith(self.run.id):
            return None
        self.looks -= 1
        status = "completed" if self.looks <= 0 else "running"
        return JSONResponse(
            {
                "id": self.run.id,
                "workflow_id": self.run.workflow_id,
                "workflow_version_id": "ver_1",
                "trigger": {"type": "api"},
                "lifecycle": {"status": status},
                "timing": {"created_at": "2026-08-12T07:30:00Z", "started_at": None},
                "inputs": {"documents": {}, "json_data": {}},
                "metadata": None,
            }
        )

    async def answer(self, seconds: int, reported: list[float]) -> dict[str, Any]:
        app = create_app("g3", [SAMPLES["lading-running"]], intercept=self.intercept)
        service = Service(
            BASE_URL,
            transport=httpx.ASGITransport(app=app),
            clock=lambda: self.now,
            sleep=self.sleep,
        )

        async def report(
            progress: float, total: float | None = None, message: str | None = None
        ) -> None:
            assert total == seconds
            assert message
            reported.append(progress)

        async with asking(app, service=service) as asker:
            arguments = {"run_id": self.run.id, "wait_seconds": seconds}
            result = await asker.client.call_tool("get_run", arguments, progress_callback=report)
        answer: dict[str, Any] = json.loads(text_of(result))
        return answer


async def test_waits_until_the_run_ends() -> None:
    progress: list[float] = []
    waiting = Waiting(looks=4)
    answer = await waiting.answer(40, progress)
    assert answer["status"] == "completed"
    assert progress == sorted(progress)
    assert len(progress) == 3
    assert waiting.now < 10


async def test_answers_with_the_latest_state_when_time_is_up() -> None:
    progress: list[float] = []
    waiting = Waiting(looks=1_000)
    answer = await waiting.answer(20, progress)
    assert answer["status"] == "running"
    assert waiting.now == progress[-1] == 20


async def test_does_not_wait_for_a_run_that_waits_for_a_person() -> None:
    app = create_app("g3", [SAMPLES["claim-waiting"]])
    async with asking(app) as asker:
        run_id = SAMPLES["claim-waiting"].runs[0].id
        answer = await asker.ask("get_run", run_id=run_id, wait_seconds=40)
    assert answer["status"] == "awaiting_review"


async def test_a_pasted_url_serves_as_the_id() -> None:
    run = SAMPLES["erp-unavailable"].runs[0]
    async with asking(create_app("g3", [SAMPLES["erp-unavailable"]])) as asker:
        url = f"https://www.example.com/workflows/{run.workflow_id}/runs/{run.id}?tab=steps"
        assert (await asker.ask("get_run", run_id=url))["run_id"] == run.id
