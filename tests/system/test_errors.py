"""Each kind of error, from HTTP bytes to the answer: what happened and what to do."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retab_mcp.queries.service import Service
from retab_mcp.retab.client import MAX_BODY_BYTES
from retab_mcp.sandbox.app import create_app
from tests.samples import all_samples
from tests.support.asking import BASE_URL, asking

RUN_ID = next(sample for sample in all_samples() if sample.name == "invoice-completed").runs[0].id

# Text that Retab or a proxy may put into a body, which must not be passed on.
INNARDS = "db-7.internal: relation runs does not exist"


class Time:
    """A clock that only sleeping advances."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


async def refused_with(
    intercept: Callable[[Request], Awaitable[Response | None]], time: Time | None = None
) -> dict[str, Any]:
    """Return the error answer of get_run when Retab's responses come from `intercept`."""
    time = time or Time()
    app = create_app("g3", all_samples(), intercept=intercept)
    service = Service(
        BASE_URL, transport=httpx.ASGITransport(app=app), clock=time.clock, sleep=time.sleep
    )
    async with asking(app, service=service) as asker:
        answer = await asker.refused("get_run", run_id=RUN_ID)
    assert INNARDS not in json.dumps(answer)
    assert answer["error"].endswith(".")
    assert answer["hint"]
    assert answer["run_id"] == RUN_ID
    return answer


def always(response: Callable[[], Response]) -> Callable[[Request], Awaitable[Response | None]]:
    async def intercept(_request: Request) -> Response | None:
        return response()

    return intercept


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (400, "invalid_argument", False),
        (401, "unauthorized", False),
        (402, "forbidden", False),
        (403, "forbidden", False),
        (404, "not_found", False),
        (405, "unsupported", False),
        (409, "conflict", False),
        (422, "invalid_argument", False),
        (429, "rate_limited", True),
        (500, "unavailable", True),
        (502, "unavailable", True),
        (503, "unavailable", True),
    ],
)
async def test_each_status_of_retab_has_its_error_kind(
    status: int, kind: str, retryable: bool
) -> None:
    answer = await refused_with(
        always(lambda: JSONResponse({"detail": INNARDS}, status_code=status))
    )
    assert answer["kind"] == kind
    assert answer["retryable"] is retryable
    assert answer["status"] == status
    assert answer["request_id"].startswith("req_")


async def test_a_wait_that_does_not_fit_is_reported_at_once() -> None:
    time = Time()
    headers = {"Retry-After": "120"}
    answer = await refused_with(
        always(lambda: JSONResponse({"detail": INNARDS}, status_code=429, headers=headers)), time
    )
    assert answer["kind"] == "rate_limited"
    assert answer["retry_after_s"] == 120
    assert time.slept == []


async def test_a_wait_that_fits_is_waited_for() -> None:
    time = Time()
    refusals = [JSONResponse({}, status_code=429, headers={"Retry-After": "2"})]

    async def intercept(_request: Request) -> Response | None:
        return refusals.pop() if refusals else None

    app = create_app("g3", all_samples(), intercept=intercept)
    service = Service(
        BASE_URL, transport=httpx.ASGITransport(app=app), clock=time.clock, sleep=time.sleep
    )
    async with asking(app, service=service) as asker:
        answer = await asker.ask("get_run", run_id=RUN_ID)
    assert answer["status"] == "completed"
    # The wait that Retab asked for, plus jitter, so that callers do not all return at once.
    assert len(time.slept) == 1
    assert 2 <= time.slept[0] < 3


@pytest.mark.parametrize(
    "body", [b"<html>Bad gateway</html>", b"", b"[1, 2", b"\xff\xfe", b'"just text"', b"null"]
)
async def test_an_unreadable_body_is_a_bad_response(body: bytes) -> None:
    answer = await refused_with(always(lambda: Response(body, media_type="application/json")))
    assert answer["kind"] == "bad_response"
    assert answer["retryable"] is False


async def test_a_redirect_is_not_followed() -> None:
    headers = {"Location": "http://elsewhere.example/"}
    answer = await refused_with(always(lambda: Response(status_code=302, headers=headers)))
    assert answer["kind"] == "bad_response"
    assert "elsewhere" not in json.dumps(answer)


async def test_the_deadline_ends_a_call() -> None:
    time = Time()

    async def too_slow(_request: Request) -> Response | None:
        time.now += 51
        raise httpx.ReadTimeout("no answer")

    assert (await refused_with(too_slow, time))["kind"] == "timeout"


def failing_steps(time: Time, status: int) -> Callable[[Request], Awaitable[Response | None]]:
    """Fail lists of steps until the call's time limit is reached; serve the run itself."""

    async def intercept(request: Request) -> Response | None:
        if not request.url.path.endswith("/steps"):
            return None
        time.now += 20
        return JSONResponse({"detail": INNARDS}, status_code=status)

    return intercept


@pytest.mark.parametrize("generation", ["g1", "g2b", "g2c", "g2e", "g3"])
@pytest.mark.parametrize("status", [403, 503])
async def test_a_failed_run_is_explained_when_its_steps_cannot_be_read(
    generation: str, status: int
) -> None:
    time = Time()
    sample = next(sample for sample in all_samples() if sample.name == "erp-unavailable")
    app = create_app(generation, [sample], intercept=failing_steps(time, status))
    service = Service(
        BASE_URL, transport=httpx.ASGITransport(app=app), clock=time.clock, sleep=time.sleep
    )
    async with asking(app, service=service) as asker:
        answer = await asker.ask("get_run", run_id=sample.runs[0].id)
    assert answer["status"] == "error"
    assert answer["cause"]["message"].startswith("API call failed after 3 attempts")
    assert f"HTTP {status}" in answer["truncated"]["why"]
    assert answer["truncated"]["next"]["tool"] == "list_steps"
    # The oldest runs embed their steps; newer ones name the failing step.
    assert answer["truncated"]["shown"] == (4 if generation == "g1" else 0)
    assert answer["next_calls"][0]["tool"] == "get_step"
    assert "create-order" in answer["next_calls"][0]["arguments"]["step_id"]
    assert INNARDS not in json.dumps(answer)


@pytest.mark.parametrize("generation", ["g1", "g2c", "g3"])
async def test_a_completed_run_is_explained_when_its_steps_cannot_be_read(generation: str) -> None:
    app = create_app(generation, all_samples(), intercept=failing_steps(Time(), 403))
    async with asking(app) as asker:
        answer = await asker.ask("get_run", run_id=RUN_ID)
    assert answer["status"] == "completed"
    assert answer["duration_ms"] == 4500
    assert "HTTP 403" in answer["truncated"]["why"]


async def test_what_was_read_before_the_deadline_is_returned() -> None:
    time = Time()
    pages: list[str] = []

    async def slow_pages(request: Request) -> Response | None:
        if request.url.path == "/v1/workflows/steps":
            pages.append(request.url.query)
            if len(pages) > 1:
                time.now += 60
                return JSONResponse({}, status_code=503)
        return None

    run_id = next(sample for sample in all_samples() if sample.name == "manifest-2000").runs[0].id
    app = create_app("g3", all_samples(), intercept=slow_pages)
    service = Service(
        BASE_URL, transport=httpx.ASGITransport(app=app), clock=time.clock, sleep=time.sleep
    )
    async with asking(app, service=service) as asker:
        answer = await asker.ask("get_run", run_id=run_id)
    assert answer["truncated"]["at_least"] == answer["truncated"]["shown"] == 500
    assert answer["truncated"]["why"] == "Retab could not answer (HTTP 503)."
    assert sum(answer["step_counts"].values()) == 500


@pytest.mark.parametrize(
    "base_url",
    ["http://api.retab.com", "ftp://api.retab.com", "https://user:pw@api.retab.com", "nonsense"],
)
async def test_a_forbidden_base_url_is_refused(base_url: str) -> None:
    async with asking(create_app("g3", []), service=Service(base_url)) as asker:
        answer = await asker.refused("get_run", run_id="run_1")
    assert answer["kind"] == "not_configured"
    assert "pw" not in json.dumps(answer)


async def test_an_unreachable_server_is_reported() -> None:
    time = Time()
    # Port 9 (discard) of this machine: refused at once.
    service = Service("http://127.0.0.1:9", clock=time.clock, sleep=time.sleep)
    async with asking(create_app("g3", []), service=service) as asker:
        answer = await asker.refused("get_run", run_id="run_1")
    assert answer["kind"] == "unavailable"
    assert answer["retryable"] is True


async def test_a_body_that_is_too_large_is_reported() -> None:
    headers = {"Content-Length": str(MAX_BODY_BYTES + 1)}
    answer = await refused_with(always(lambda: Response(b"{}", headers=headers)))
    assert answer["kind"] == "too_large"
    assert answer["retryable"] is False


async def test_an_internal_error_does_not_quote_what_was_read(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise KeyError(INNARDS)

    monkeypatch.setattr("retab_mcp.queries.run_history.explain", broken)
    answer = await refused_with(always(lambda: JSONResponse({"id": RUN_ID})))
    assert answer["kind"] == "internal"
    assert answer["retryable"] is False
    # The log names the exception but does not quote it.
    assert "KeyError" in caplog.text
    assert INNARDS not in caplog.text


async def test_a_long_id_does_not_make_a_long_answer() -> None:
    async with asking(create_app("g3", all_samples())) as asker:
        run_id = "run_" + "x" * 20_000
        for answer in (
            await asker.refused("get_run", run_id=run_id),
            await asker.refused("list_steps", run_id=RUN_ID, block_id="x" * 20_000),
            await asker.refused("get_step", run_id=RUN_ID, step_id="x" * 20_000),
        ):
            assert len(json.dumps(answer)) < 2_000


async def bare_run_of_g1(request: Request) -> Response | None:
    """Return a run that embeds no steps."""
    if request.url.path != f"/v1/workflows/runs/{RUN_ID}":
        return None
    run = {"id": RUN_ID, "workflow_id": "wf_1", "status": "error", "error": "It broke", "steps": []}
    return JSONResponse(run)


async def test_an_empty_embedded_list_does_not_hide_the_steps() -> None:
    app = create_app("g1", all_samples(), intercept=bare_run_of_g1)
    async with asking(app) as asker:
        run = await asker.ask("get_run", run_id=RUN_ID)
        refused = await asker.refused("get_step", run_id=RUN_ID, step_id="no-such-step")
    assert run["step_counts"]["completed"] > 1
    assert "extract-invoice" in refused["blocks"]


async def test_a_finished_run_without_steps_expects_none() -> None:
    async def no_steps(request: Request) -> Response | None:
        if request.url.path.endswith("/steps"):
            return JSONResponse([])
        return await bare_run_of_g1(request)

    async with asking(create_app("g1", all_samples(), intercept=no_steps)) as asker:
        refused = await asker.refused("get_step", run_id=RUN_ID, step_id="no-such-step")
    assert refused["error"] == "The run has no steps."
