"""What the client sends, and how it reads responses."""

import gzip
import logging
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from retab_mcp.retab import routes
from retab_mcp.retab.client import MAX_REQUESTS_AT_ONCE, Reply, RetabClient
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.observer import Attempt, Observer
from tests.retab.client_scene import BASE_URL, KEY, ClientScene, answer

ROOT = Path(__file__).parents[2]


async def refused(scene: ClientScene, **arguments: Any) -> RetabError:
    with pytest.raises(RetabError) as caught:
        await scene.get(**arguments)
    assert KEY not in f"{caught.value!r} {caught.value.__dict__}"
    return caught.value


async def test_a_reply_has_json_status_request_id_and_size() -> None:
    scene = ClientScene([answer(200, {"id": "run_1"}, x_request_id="req_1")])
    assert await scene.get() == Reply({"id": "run_1"}, 200, "req_1", 15)


async def test_a_request_has_path_query_and_credential() -> None:
    scene = ClientScene([answer()])
    params = {"run_id": "a&b=c", "status": ["error", "skipped"], "limit": 20, "x": None, "y": True}
    await scene.get(routes.STEP, {"step_id": "étape 1/2".replace("/", ":")}, params)
    (request,) = scene.requests
    assert request.method == "GET"
    assert str(request.url) == (
        f"{BASE_URL}/v1/workflows/steps/%C3%A9tape%201%3A2"
        "?run_id=a%26b%3Dc&status=error&status=skipped&limit=20&y=true"
    )
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert "api-key" not in request.headers
    assert request.headers["accept-encoding"] == "gzip"
    assert request.headers["user-agent"].startswith("retab-mcp/")


async def test_without_parameters_the_url_is_the_path_alone() -> None:
    scene = ClientScene([answer()])
    await scene.get()
    assert str(scene.requests[0].url) == f"{BASE_URL}/v1/workflows/runs/run_1"


async def test_a_credential_is_never_sent_in_a_url() -> None:
    scene = ClientScene([])
    with pytest.raises(ValueError, match="never sent in a URL"):
        await scene.get(params={"access_token": KEY})
    assert scene.requests == []


@pytest.mark.parametrize("value", ["\ud800", "x" * 70_000])
async def test_a_parameter_that_no_url_can_hold_is_refused(value: str) -> None:
    scene = ClientScene([])
    error = await refused(scene, params={"search": value})
    assert (error.kind, scene.requests) == ("invalid_argument", [])


async def test_an_id_that_is_refused_sends_nothing() -> None:
    scene = ClientScene([])
    error = await refused(scene, ids={"run_id": "../../secrets/prod/value"})
    assert (error.kind, scene.requests) == ("invalid_argument", [])


def test_a_base_url_that_is_refused_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="must use https"):
        RetabClient("http://api.retab.com")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "invalid_argument"),
        (401, "unauthorized"),
        (403, "forbidden"),
        (404, "not_found"),
        (405, "unsupported"),
        (409, "conflict"),
        (422, "invalid_argument"),
        (429, "rate_limited"),
        (500, "unavailable"),
        (503, "unavailable"),
    ],
)
async def test_a_refusal_keeps_its_status_and_request_id(status: int, kind: str) -> None:
    scene = ClientScene(lambda _: answer(status, {"detail": "no"}, x_request_id="req_9"))
    error = await refused(scene)
    assert (error.kind, error.status, error.request_id) == (kind, status, "req_9")
    assert error.detail == "no"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    scene = ClientScene([answer(status, location="https://evil.test/v1/secrets/x/value")])
    error = await refused(scene)
    assert (error.kind, error.status) == ("bad_response", status)
    assert "evil" not in error.message
    assert len(scene.requests) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is empty"),
        (b"<html>Sign in</html>", "page of HTML"),
        (b'{"id": "run_1"', "not JSON at character 14 of 14"),
    ],
)
async def test_a_body_that_is_not_json_is_a_bad_response(body: bytes, reason: str) -> None:
    scene = ClientScene([httpx.Response(200, content=body, headers={"x-request-id": "req_1"})])
    error = await refused(scene)
    assert (error.kind, error.status, error.request_id) == ("bad_response", 200, "req_1")
    assert reason in error.message


async def test_a_temporary_failure_is_retried() -> None:
    scene = ClientScene([answer(503), httpx.ReadError("reset"), answer(429), answer(200, 1)])
    assert (await scene.get()).json == 1
    assert len(scene.waits) == 3


async def test_a_retry_after_that_fits_is_waited_for() -> None:
    scene = ClientScene([answer(429, retry_after="7"), answer(200, 1)])
    await scene.get()
    assert 7.0 <= scene.waits[0] <= 7.25


@pytest.mark.parametrize(
    "headers",
    [
        {"retry_after": "30"},
        {
            "retry_after": "Wed, 21 Oct 2026 07:28:30 GMT",
            "date": "Wed, 21 Oct 2026 07:28:00 GMT",
        },
    ],
)
async def test_a_retry_after_that_is_too_long_is_reported_at_once(headers: dict[str, str]) -> None:
    scene = ClientScene([answer(429, **headers)])
    error = await refused(scene)
    assert (error.kind, error.retry_after_s, error.retryable) == ("rate_limited", 30.0, True)
    assert scene.waits == []


async def test_the_older_header_is_tried_after_a_401_and_remembered() -> None:
    def older_server(request: httpx.Request) -> httpx.Response:
        return answer(200, 1) if request.headers.get("api-key") == KEY else answer(401)

    scene = ClientScene(older_server)
    await scene.get()
    await scene.get()
    assert ["api-key" in request.headers for request in scene.requests] == [False, True, True]
    assert not [
        r for r in scene.requests if "api-key" in r.headers and "authorization" in r.headers
    ]


async def test_a_server_that_stops_accepting_the_older_header_gets_the_newer() -> None:
    scene = ClientScene([answer(401), answer(), answer(401), answer(), answer()])
    for _ in range(3):
        await scene.get()
    assert ["api-key" in r.headers for r in scene.requests] == [False, True, True, False, False]


async def test_the_working_header_is_cached_per_caller() -> None:
    scene = ClientScene([answer(401), answer(), answer()])
    await scene.get()
    await scene.get(key=KEY + "other")
    assert ["api-key" in request.headers for request in scene.requests] == [False, True, False]


async def test_a_key_refused_in_both_headers_is_unauthorized() -> None:
    scene = ClientScene([answer(401), answer(403, {"detail": "Not authenticated"})])
    assert (await refused(scene)).kind == "unauthorized"
    assert len(scene.requests) == 2


async def test_cookies_are_not_kept() -> None:
    scene = ClientScene(lambda _: answer(200, 1, set_cookie="session=caller-one; Path=/"))
    await scene.get()
    await scene.get(key=KEY + "other")
    assert "cookie" not in scene.requests[1].headers


async def test_at_most_four_requests_of_a_caller_run_at_once() -> None:
    running, most = 0, 0
    go_on = anyio.Event()

    async def slow(request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running == MAX_REQUESTS_AT_ONCE + 1:
            go_on.set()
        await go_on.wait()
        running -= 1
        return answer()

    scene = ClientScene(slow)
    async with anyio.create_task_group() as tasks:
        for _ in range(10):
            tasks.start_soon(scene.get)
        await anyio.wait_all_tasks_blocked()
        assert running == MAX_REQUESTS_AT_ONCE
        # Another caller is not held up; its request releases the waiting ones.
        await scene.get(key=KEY + "other")
    assert (most, len(scene.requests)) == (MAX_REQUESTS_AT_ONCE + 1, 11)


async def test_a_body_over_the_limit_is_too_large() -> None:
    fits = "x" * 98
    scene = ClientScene(
        [answer(200, fits), answer(200, fits + "x", x_request_id="req_1")], max_body_bytes=100
    )
    assert (await scene.get()).size == 100
    error = await refused(scene)
    assert (error.kind, error.status, error.request_id) == ("too_large", 200, "req_1")
    assert len(scene.requests) == 2


async def test_a_body_is_counted_after_decompression() -> None:
    bomb = gzip.compress(b'"' + b"0" * 1_000_000 + b'"')
    response = httpx.Response(200, content=bomb, headers={"content-encoding": "gzip"})
    scene = ClientScene([response], max_body_bytes=100_000)
    assert (await refused(scene)).kind == "too_large"


async def test_a_compressed_body_is_read() -> None:
    packed = gzip.compress(b'{"id": "run_1"}')
    scene = ClientScene([httpx.Response(200, content=packed, headers={"content-encoding": "gzip"})])
    assert await scene.get() == Reply({"id": "run_1"}, 200, None, 15)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate"])
async def test_other_compressions_are_not_read(encoding: str) -> None:
    stream = httpx.ByteStream(b"anything")
    response = httpx.Response(200, stream=stream, headers={"content-encoding": encoding})
    assert (await refused(ClientScene([response]))).kind == "bad_response"


async def test_a_body_that_does_not_decompress_is_a_bad_response() -> None:
    stream = httpx.ByteStream(b"not gzip")
    response = httpx.Response(200, stream=stream, headers={"content-encoding": "gzip"})
    assert (await refused(ClientScene([response]))).kind == "bad_response"


async def test_a_long_error_page_is_not_too_large() -> None:
    scene = ClientScene([httpx.Response(403, content=b"<html>" + b"x" * 500_000)])
    assert (await refused(scene)).kind == "forbidden"


async def test_no_time_left_sends_nothing() -> None:
    scene = ClientScene([])
    error = await refused(scene, seconds=0)
    assert (error.kind, error.retryable, scene.requests) == ("timeout", True, [])


async def test_the_deadline_ends_a_request_that_hangs() -> None:
    async def hang(request: httpx.Request) -> httpx.Response:
        await anyio.sleep_forever()
        raise AssertionError

    error = await refused(ClientScene(hang), seconds=0.05)
    assert error.kind == "timeout"
    assert error.message == "The call's time limit was reached before Retab returned the run."


async def test_waiting_in_the_queue_counts_against_the_deadline() -> None:
    async def hang(request: httpx.Request) -> httpx.Response:
        await anyio.sleep_forever()
        raise AssertionError

    scene = ClientScene(hang)
    async with anyio.create_task_group() as tasks:
        for _ in range(MAX_REQUESTS_AT_ONCE):
            tasks.start_soon(scene.get)
        await anyio.wait_all_tasks_blocked()
        assert (await refused(scene, seconds=0.05)).kind == "timeout"
        tasks.cancel_scope.cancel()
    assert len(scene.requests) == MAX_REQUESTS_AT_ONCE


async def test_every_answer_is_cleaned_and_redacted() -> None:
    scene = ClientScene([answer(200, {"a\u200b": "sk_live_abcdefghijklmnop1234"})])
    found = (await scene.get()).json
    assert list(found) == ["a"]
    assert "abcdefghijklmnop1234" not in found["a"]


async def test_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await ClientScene([answer(401), answer(503), answer()]).get()
    assert [r for r in caplog.records if r.name.startswith(("httpx", "httpcore"))] == []
    assert KEY not in caplog.text


async def test_a_request_after_closing_opens_new_connections() -> None:
    scene = ClientScene([answer(200, 1), answer(200, 2)])
    await scene.get()
    await scene.client.aclose()
    await scene.client.aclose()
    assert (await scene.get()).json == 2


def test_making_a_client_does_not_import_httpx() -> None:
    code = (
        "import sys; from retab_mcp.retab.client import RetabClient; "
        "RetabClient('https://retab.test'); "
        "print({'httpx', 'tenacity'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


async def test_an_observer_sees_every_attempt_and_no_contents() -> None:
    class Watching(Observer):
        def __init__(self) -> None:
            self.seen: list[Attempt] = []

        def attempt(self, attempt: Attempt) -> AbstractContextManager[None]:
            self.seen.append(attempt)
            return super().attempt(attempt)

    watching = Watching()
    scene = ClientScene([answer(503, {}), answer(401, {}), answer(200, 12)], observer=watching)
    await scene.get()
    template = "/v1/workflows/runs/{run_id}"
    assert watching.seen == [
        Attempt(template, 0, 503, 2),
        Attempt(template, 1, 401, 2),
        Attempt(template, 2, 200, 2),
    ]
