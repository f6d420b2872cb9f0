"""A slow list of steps still names the failed ones in time."""

from typing import Any

import anyio
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retab_mcp.queries import failed_steps_first
from retab_mcp.sandbox.app import create_app
from tests.samples import sample_named
from tests.support.asking import asking

SAMPLE = sample_named("orders-for-each")
RUN = SAMPLE.runs[0].id


def slow_app(seconds: float, failed: Response | None = None) -> Any:
    """Serve the sample; the list of all steps takes `seconds`, that of failed ones no time."""

    async def intercept(request: Request) -> Response | None:
        if request.url.path != "/v1/workflows/steps":
            return None
        if "status" in request.query_params:
            return failed
        await anyio.sleep(seconds)
        return None

    return create_app("g3", [SAMPLE], intercept=intercept)


@pytest.fixture(autouse=True)
def short_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failed_steps_first, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(failed_steps_first, "ENOUGH_SECONDS", 0.1)


async def test_the_cause_is_named_though_the_list_takes_too_long() -> None:
    async with asking(create_app("g3", [SAMPLE])) as asker:
        whole = await asker.ask("get_run", run_id=RUN)
    with anyio.fail_after(30):
        async with asking(slow_app(60)) as asker:
            answer = await asker.ask("get_run", run_id=RUN)
    assert answer["cause"]["step_id"] == whole["cause"]["step_id"]
    assert "only the failed ones were read" in answer["truncated"]["why"]


async def test_a_list_without_failed_steps_is_read_to_its_end() -> None:
    nothing = JSONResponse({"data": [], "list_metadata": {"before": None, "after": None}})
    async with asking(slow_app(0.3, nothing)) as asker:
        answer = await asker.ask("get_run", run_id=RUN)
    assert "truncated" not in answer or "only the failed" not in str(answer["truncated"])
    assert answer["cause"]["step_id"]


async def test_failed_steps_that_cannot_be_read_leave_the_list() -> None:
    async with asking(slow_app(0.3, JSONResponse({"detail": "No"}, 403))) as asker:
        answer = await asker.ask("get_run", run_id=RUN)
    assert answer["cause"]["step_id"]


async def test_list_steps_names_the_failed_steps_though_the_list_takes_too_long() -> None:
    with anyio.fail_after(30):
        async with asking(slow_app(60)) as asker:
            unfiltered = await asker.ask("list_steps", run_id=RUN)
            filtered = await asker.ask("list_steps", run_id=RUN, status="error")
            following = unfiltered["truncated"]["next"]
            await asker.ask(following["tool"], **following["arguments"])
    for answer in (unfiltered, filtered):
        assert "only the failed ones were read" in answer["truncated"]["why"]
        assert answer["rows"][0]["failing"]
        # How many iterations there were is not known.
        assert not {"iterations", "median_ms"} & set(answer["rows"][0])
        assert set(answer["step_counts"]) == {"error"}


async def test_the_statuses_asked_for_are_passed_on() -> None:
    app = slow_app(60)
    with anyio.fail_after(30):
        async with asking(app) as asker:
            answer = await asker.ask("list_steps", run_id=RUN, status="completed")
    assert set(answer["step_counts"]) == {"completed"}
    assert "only the completed ones were read" in answer["truncated"]["why"]
    filtered = [one for one in app.state.requests if "status=completed" in str(one.query)]
    assert filtered


async def test_a_fast_list_costs_no_other_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failed_steps_first, "PATIENCE_SECONDS", 30)
    app = create_app("g3", [SAMPLE])
    async with asking(app) as asker:
        answer = await asker.ask("list_steps", run_id=RUN, status="error")
    assert "truncated" not in answer
    assert not [one for one in app.state.requests if "status=" in one.query]
