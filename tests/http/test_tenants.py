"""Callers with the same run id never see each other's data."""

import asyncio
import json
from dataclasses import replace

import httpx
from starlette.applications import Starlette

from retab_mcp.sandbox.app import create_app as create_sandbox
from retab_mcp.sandbox.records import resolve
from tests.http.scene import (
    KEY_OF_ACME,
    KEY_OF_GLOBEX,
    MODERN,
    Tenants,
    ask,
    bearer,
    connected,
    message,
    modern_headers,
    post,
    service_app,
)
from tests.samples import all_samples

SAMPLE = all_samples()[0]
RUN_ID = SAMPLE.runs[0].id
QUESTIONS = ("get_run", "list_steps")
CALLS = 200


def sandbox_of(tenant: str, key: str) -> Starlette:
    """Return a Retab in which the run has the tenant's name in metadata, blocks and workflow."""
    run = SAMPLE.runs[0]
    steps = [
        replace(step, block_id=f"{tenant}-{step.block_id}", label=f"{tenant} {step.label}")
        for step in resolve(run.steps)
    ]
    own = replace(run, metadata={"tenant": tenant}, workflow_id=f"wrk_{tenant}", steps=tuple(steps))
    return create_sandbox("g3", [replace(SAMPLE, runs=(own,))], key=key)


def tenants() -> Tenants:
    return Tenants(
        {
            KEY_OF_ACME: sandbox_of("acme", KEY_OF_ACME),
            KEY_OF_GLOBEX: sandbox_of("globex", KEY_OF_GLOBEX),
        }
    )


async def test_the_same_run_id_is_a_different_run_for_each_caller() -> None:
    async with connected(service_app(tenants())) as client:
        acme = await ask(client, KEY_OF_ACME, "get_run", {"run_id": RUN_ID})
        globex = await ask(client, KEY_OF_GLOBEX, "get_run", {"run_id": RUN_ID})
        again = await ask(client, KEY_OF_ACME, "get_run", {"run_id": RUN_ID})
    assert acme["metadata"] == {"tenant": "acme"}
    assert globex["metadata"] == {"tenant": "globex"}
    assert again == acme


async def test_concurrent_calls_with_cache_hits_do_not_mix() -> None:
    """Every answer, cached or not, contains data of its caller only."""
    retab = tenants()
    names = {KEY_OF_ACME: "acme", KEY_OF_GLOBEX: "globex"}

    async def call(number: int, client: httpx.AsyncClient) -> None:
        key = (KEY_OF_ACME, KEY_OF_GLOBEX)[number % 2]
        tool = QUESTIONS[number // 2 % 2]
        newest = number // 4 % 2 == 0
        body = message(tool, {"run_id": RUN_ID}, **(MODERN if newest else {}))
        headers = bearer(key) | (modern_headers(tool) if newest else {})
        response = await post(client, body, headers)
        assert response.status_code == 200
        mine = names[key]
        (other,) = set(names.values()) - {mine}
        assert mine in response.text
        assert other not in response.text
        assert KEY_OF_ACME not in response.text
        assert KEY_OF_GLOBEX not in response.text

    async with connected(service_app(retab)) as client:
        for start in range(0, CALLS, 20):
            await asyncio.gather(*(call(start + n, client) for n in range(20)))
    # The rest came from the cache.
    assert retab.paths.count(f"/v1/workflows/runs/{RUN_ID}") < CALLS / 4


async def test_a_cached_run_of_one_caller_is_not_found_for_another() -> None:
    retab = Tenants(
        {
            KEY_OF_ACME: sandbox_of("acme", KEY_OF_ACME),
            KEY_OF_GLOBEX: create_sandbox("g3", [], key=KEY_OF_GLOBEX),
        }
    )
    async with connected(service_app(retab)) as client:
        for tool in QUESTIONS:
            mine = await ask(client, KEY_OF_ACME, tool, {"run_id": RUN_ID})
            assert mine["run_id"] == RUN_ID
            theirs = await ask(client, KEY_OF_GLOBEX, tool, {"run_id": RUN_ID})
            assert theirs["kind"] == "not_found"


async def test_a_cursor_of_another_caller_gives_no_access() -> None:
    """A cursor contains a position, no data and no right to read."""
    async with connected(service_app(tenants())) as client:
        page = {"run_id": RUN_ID, "limit": 1}
        mine = await ask(client, KEY_OF_ACME, "list_steps", page)
        following = mine["truncated"]["next"]["arguments"]
        stranger = "rt_" + "live_" + "initech0000000000000"
        theirs = await ask(client, stranger, "list_steps", following)
    assert theirs["kind"] == "unauthorized"
    assert "acme" not in json.dumps(theirs)
