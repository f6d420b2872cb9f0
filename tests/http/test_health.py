"""Probes and metrics, which need no key."""

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from retab_mcp.http.health import READY_SECONDS, Upstream
from retab_mcp.queries.service import Service
from retab_mcp.sandbox.app import create_app as create_sandbox
from tests.http.scene import (
    BASE_URL,
    KEY_OF_ACME,
    Tenants,
    ask,
    bearer,
    connected,
    message,
    post,
    service_app,
)
from tests.samples import all_samples

RUN_ID = all_samples()[0].runs[0].id


async def test_healthz_is_alive_without_retab() -> None:
    async with connected(service_app(answering(500))) as client:
        response = await client.get("/healthz", headers={"host": "10.0.0.7:8000"})
    assert response.status_code == 200


def answering(status: int) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _request: httpx.Response(status, json={"detail": "x"}))


@pytest.mark.parametrize(("status", "ready"), [(200, 200), (401, 200), (403, 200), (429, 200)])
async def test_retab_answers_with_any_status(status: int, ready: int) -> None:
    transport = answering(status)
    service = Service(BASE_URL, transport=transport, sleep=no_sleep)
    assert await Upstream(service).answers() is (ready == 200)


async def no_sleep(_seconds: float) -> None:
    pass


def unreachable(_request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


@pytest.mark.parametrize("transport", [answering(503), httpx.MockTransport(unreachable)])
async def test_an_outage_does_not_make_the_service_unready(transport: httpx.MockTransport) -> None:
    service = Service(BASE_URL, transport=transport, sleep=no_sleep)
    assert await Upstream(service).answers() is False
    async with connected(service_app(transport, sleep=no_sleep)) as client:
        response = await client.get("/readyz")
    assert (response.status_code, response.json()) == (
        200,
        {"status": "ready", "retab": "does not answer"},
    )


async def test_readiness_over_http_needs_no_key() -> None:
    upstream = Tenants({})
    async with connected(service_app(upstream)) as client:
        response = await client.get("/readyz")
    assert (response.status_code, response.json()) == (
        200,
        {"status": "ready", "retab": "answers"},
    )
    assert set(upstream.paths) == {"/v1/auth/status"}


async def test_probes_do_not_multiply_requests_to_retab() -> None:
    now = 0.0
    asked = 0

    def handler(_request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return httpx.Response(200, json={})

    service = Service(BASE_URL, transport=httpx.MockTransport(handler))
    upstream = Upstream(service, lambda: now)
    for _ in range(5):
        assert await upstream.answers()
    assert asked == 1
    now = READY_SECONDS
    assert await upstream.answers()
    assert asked == 2


async def test_a_wrong_base_url_never_answers() -> None:
    assert await Upstream(Service("http://retab.example.com")).answers() is False


async def test_metrics_count_calls_errors_requests_and_cache_hits() -> None:
    upstream = Tenants({KEY_OF_ACME: create_sandbox("g3", all_samples()[:1], key=KEY_OF_ACME)})
    async with connected(service_app(upstream)) as client:
        await ask(client, KEY_OF_ACME, "list_steps", {"run_id": RUN_ID})
        await ask(client, KEY_OF_ACME, "list_steps", {"run_id": RUN_ID})
        await ask(client, KEY_OF_ACME, "list_steps", {"run_id": ""})
        await post(client, message("no_such_tool", {}), bearer(KEY_OF_ACME))
        await post(client, message("list_steps", {}))
        text = (await client.get("/metrics")).text
    found = {
        (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.name.endswith(("_bucket", "_created"))
    }
    assert found["retab_mcp_tool_calls_total", "list_steps"] == 3
    assert found["retab_mcp_tool_calls_total", "unknown"] == 1
    assert found["retab_mcp_tool_errors_total", "invalid_argument", "list_steps"] == 1
    assert found["retab_mcp_tool_errors_total", "invalid_request", "unknown"] == 1
    assert found["retab_mcp_tool_call_seconds_count", "list_steps"] == 3
    assert found["retab_mcp_tool_answer_bytes_sum", "list_steps"] > 500
    run = "/v1/workflows/runs/{run_id}"
    assert found["retab_mcp_upstream_requests_total", run, "200"] == 1
    assert found["retab_mcp_upstream_request_seconds_count", run] == 1
    assert found["retab_mcp_cache_lookups_total", "hit"] >= 2
    assert found["retab_mcp_http_refusals_total", "401"] == 1
    assert found[("retab_mcp_in_flight",)] == 0
    for secret in (KEY_OF_ACME, RUN_ID, "no_such_tool"):
        assert secret not in text


async def test_retries_are_counted() -> None:
    statuses = iter([503, 200])
    transport = httpx.MockTransport(
        lambda _request: httpx.Response(next(statuses), json={"id": RUN_ID})
    )
    app = service_app(transport, sleep=no_sleep)
    async with connected(app) as client:
        await ask(client, KEY_OF_ACME, "get_run", {"run_id": RUN_ID})
        text = (await client.get("/metrics")).text
    route = 'route="/v1/workflows/runs/{run_id}"'
    assert f"retab_mcp_upstream_retries_total{{{route}}} 1.0" in text
    assert f'retab_mcp_upstream_requests_total{{{route},status="503"}} 1.0' in text
