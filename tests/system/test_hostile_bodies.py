"""Lists without end, deep nesting and large payloads: every call ends, and others are served."""

import json
import time
from itertools import count
from typing import Any

import anyio
import httpx
import pytest

from retab_mcp.queries.service import CALL_SECONDS, Service
from retab_mcp.retab.read_limits import MAX_REQUESTS
from retab_mcp.sandbox.app import create_app
from tests.support.asking import BASE_URL, Asker, asking, text_of

Json = Any

RUN_ID, OTHER_ID = "run_h1", "run_h2"
DEEP = "DEEP"
DEPTHS = (300, 100_000)


def run_body(run_id: str, **fields: Json) -> Json:
    return {
        "id": run_id,
        "workflow": {"workflow_id": "wrk_h", "version_id": "ver_h"},
        "lifecycle": {"status": "error", "error": {"message": "boom"}},
        "timing": {"created_at": "2026-08-01T08:00:00Z", "completed_at": "2026-08-01T08:05:00Z"},
        "trigger": {"type": "api"},
        "inputs": {"documents": {}, "json_data": {}},
        **fields,
    }


def step_body(run_id: str, number: int = 0, **fields: Json) -> Json:
    return {
        "run_id": run_id,
        "step_id": f"{run_id}_block-{number}",
        "block_id": f"block-{number}",
        "block_type": "function",
        "block_label": "Block",
        "lifecycle": {"status": "error", "message": "KeyError: 'total'"},
        "created_at": "2026-08-01T08:00:00Z",
        "started_at": "2026-08-01T08:00:00Z",
        "completed_at": "2026-08-01T08:00:01Z",
        "handle_inputs": {},
        "handle_outputs": {},
        **fields,
    }


class Served(httpx.AsyncBaseTransport):
    """Answer for a run and its steps; 404 for everything else."""

    def __init__(self, run: Json = None, step: Json = None, depth: int = 0) -> None:
        self.requests = 0
        self._run = run or {}
        self._step = step or {}
        self._deep = "[" * depth + "]" * depth

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        path = request.url.path
        run_id = path.rpartition("/")[2]
        if path.startswith("/v1/workflows/runs/") and run_id in (RUN_ID, OTHER_ID):
            return self._sent(run_body(run_id, **self._run))
        if path == "/v1/workflows/steps":
            return self._sent(self.steps(request))
        if path.startswith("/v1/workflows/steps/"):
            return self._sent(step_body(RUN_ID, **self._step))
        return httpx.Response(404, json={"detail": "Not Found"})

    def steps(self, request: httpx.Request) -> Json:
        rows = [step_body(request.url.params["run_id"], **self._step)]
        return {"data": rows, "list_metadata": {"before": None, "after": None}}

    def _sent(self, body: Json) -> httpx.Response:
        text = json.dumps(body).replace(f'"{DEEP}"', self._deep)
        return httpx.Response(200, content=text.encode())


class Endless(Served):
    """A list of steps whose cursor always leads on; each request takes `seconds`."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__()
        self.now = 0.0
        self._seconds = seconds
        self._numbers = count()

    def steps(self, request: httpx.Request) -> Json:
        self.now += self._seconds
        number = next(self._numbers)
        rows = [step_body(request.url.params["run_id"], number)]
        return {"data": rows, "list_metadata": {"before": None, "after": rows[0]["step_id"]}}


CALLS = (
    ("get_run", {"run_id": RUN_ID}),
    ("list_steps", {"run_id": RUN_ID}),
    ("search_run", {"run_id": RUN_ID, "query": "nowhere"}),
    ("compare_runs", {"run_id": RUN_ID, "other_run_id": OTHER_ID}),
)


async def called(asker: Asker, tool: str, arguments: dict[str, str]) -> Json:
    return json.loads(text_of(await asker.client.call_tool(tool, arguments)))


def asking_of(transport: Served, **settings: Any) -> Any:
    service = Service(BASE_URL, transport=transport, **settings)
    # Only the older protocol has pings.
    return asking(create_app("g3", []), service=service, mode="legacy")


@pytest.mark.parametrize(("tool", "arguments"), CALLS)
async def test_a_list_without_end_stops_at_the_limit_of_requests(
    tool: str, arguments: dict[str, str]
) -> None:
    endless = Endless()
    async with asking_of(endless) as asker:
        answer = await called(asker, tool, arguments)
    assert endless.requests <= MAX_REQUESTS
    assert answer.get("kind") != "internal", answer


@pytest.mark.parametrize(("tool", "arguments"), CALLS)
async def test_a_list_without_end_stops_at_the_deadline(
    tool: str, arguments: dict[str, str]
) -> None:
    endless = Endless(seconds=1.0)
    async with asking_of(endless, clock=lambda: endless.now) as asker:
        answer = await called(asker, tool, arguments)
    # compare_runs reads two lists at once, each with a request under way.
    assert endless.now <= CALL_SECONDS + 2
    assert answer.get("kind") != "internal", answer


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize(
    ("run", "step"),
    [
        ({}, {"handle_outputs": {"output-json-0": {"type": "json", "data": DEEP}}}),
        ({}, {"handle_inputs": {"input-json-0": DEEP}}),
        ({}, {"lifecycle": {"status": "error", "message": "x", "details": {"context": DEEP}}}),
        ({}, {"error": DEEP, "lifecycle": {"status": "error"}}),
        ({}, {"artifact": DEEP, "iteration_context": DEEP}),
        ({"metadata": {"note": DEEP}}, {}),
        ({"inputs": {"documents": {"start": DEEP}, "json_data": {"sheet": DEEP}}}, {}),
        ({"lifecycle": {"status": "error", "error": {"message": DEEP, "details": DEEP}}}, {}),
        ({"config_overrides": DEEP, "timing": DEEP}, {}),
    ],
    ids=[
        *("output", "input", "details", "error", "artifact", "metadata", "inputs"),
        *("run's error", "config"),
    ],
)
async def test_any_depth_in_any_field_is_answered(run: Json, step: Json, depth: int) -> None:
    step_call = ("get_step", {"run_id": RUN_ID, "step_id": f"{RUN_ID}_block-0"})
    async with asking_of(Served(run, step, depth)) as asker:
        for tool, arguments in (*CALLS, step_call):
            answer = await called(asker, tool, arguments)
            assert answer.get("kind") != "internal", (tool, answer)


@pytest.mark.filterwarnings("ignore:ping is removed")
async def test_pings_are_answered_while_a_large_payload_is_read() -> None:
    rows = [{"sku": f"A{number}", "password": f"hunter{number}"} for number in range(40_000)]
    step = {"handle_outputs": {"output-json-0": {"type": "json", "data": rows}}}
    longest = 0.0
    pings = 0
    reading = True

    async def ping(asker: Asker) -> None:
        nonlocal longest, pings
        while reading:
            start = time.perf_counter(), time.process_time()
            await asker.client.send_ping()
            # Time in which this process did not work was taken by others on the machine.
            held = min(time.perf_counter() - start[0], time.process_time() - start[1])
            longest = max(longest, held)
            pings += 1
            await anyio.sleep(0.005)

    async with asking_of(Served(step=step)) as asker, anyio.create_task_group() as group:
        group.start_soon(ping, asker)
        answer = await called(asker, "get_step", {"run_id": RUN_ID, "step_id": "block-0"})
        reading = False
    assert answer["status"] == "error"
    assert pings >= 5
    assert longest < 0.5
