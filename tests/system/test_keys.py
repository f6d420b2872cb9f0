"""The caller's key is in the request, and nowhere else: no answer, log line or exception."""

import logging
import traceback

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retab_mcp.retab.credential import Credential
from retab_mcp.retab.errors import RetabError
from retab_mcp.sandbox.app import SANDBOX_KEY, create_app
from retab_mcp.sandbox.samples import fakes
from retab_mcp.settings import Settings
from tests.system.asked import tools_over
from tests.system.scenes import SCENES

RUN = {"run_id": "run_safety_left"}
KEY = fakes.retab_key("caller")
PART = KEY[10:18]


async def echo_headers(request: Request) -> Response:
    """Return what a careless proxy may send: the request with its credential."""
    headers = dict(request.headers)
    return JSONResponse({"detail": f"refused {headers}", "headers": headers}, 403, headers)


async def echo_as_run(request: Request) -> Response:
    """Return a run whose payload repeats the caller's credential."""
    sent = request.headers.get("authorization", "")
    data = {"sent": sent, "key": sent.removeprefix("Bearer "), "list": [{"x": sent}]}
    lifecycle = {"status": "error", "message": f"POST failed with {sent}"}
    return JSONResponse({"id": "run_x", "lifecycle": lifecycle, "inputs": {"json_data": data}})


def break_off(request: httpx.Request) -> httpx.Response:
    """Raise a network error that quotes the request."""
    raise httpx.ConnectError(f"cannot send {dict(request.headers)}", request=request)


@pytest.mark.parametrize(
    "transport",
    [
        httpx.ASGITransport(app=create_app("g3", [SCENES], key=KEY)),
        httpx.ASGITransport(app=create_app("g1", [SCENES], key=KEY)),
        httpx.ASGITransport(app=create_app("g3", [SCENES], key=SANDBOX_KEY)),
        httpx.ASGITransport(app=create_app("g3", [SCENES], key=KEY, intercept=echo_headers)),
        httpx.ASGITransport(app=create_app("g3", [SCENES], key=KEY, intercept=echo_as_run)),
        httpx.MockTransport(break_off),
    ],
    ids=["accepted", "older", "refused", "echoed by a proxy", "echoed in a run", "broken off"],
)
async def test_no_answer_and_no_log_line_shows_the_key(
    transport: httpx.AsyncBaseTransport,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    async with tools_over(transport, KEY) as tools:
        answers = [
            await tools.text(tool, RUN)
            for tool in ("get_run", "list_steps", "list_runs", "search_run")
        ]
        answers.append(await tools.text("get_run", {"run_id": KEY}))
    assert any(PART in str(request.headers.raw) for request in tools.requests)
    assert not [text for text in answers if PART in text]
    printed = capfd.readouterr()
    assert PART not in caplog.text + printed.out + printed.err


def test_an_invalid_key_is_not_repeated() -> None:
    with pytest.raises(RetabError) as caught:
        Credential(f"{KEY}\n{KEY}")
    assert PART not in "".join(traceback.format_exception(caught.value))


def test_no_printed_text_shows_the_key() -> None:
    assert PART not in repr(Credential(KEY))
    assert PART not in repr(Settings(api_key=KEY, cursor_key=KEY))
