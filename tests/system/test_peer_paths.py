"""The ways that benchmarks/peers.py compares find the labelled facts, and nothing but these."""

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from benchmarks.peer_paths import CAUSE, ORIGIN, REASON, Trail, Way, over_api, over_ours
from benchmarks.peer_runs import PeerRun, peer_runs, peer_samples
from benchmarks.peer_servers.routes import ROUTES, ids_in
from retab_mcp.sandbox.app import SANDBOX_KEY, create_app
from tests.support.asking import BASE_URL, asking

RUNS = peer_runs()
APP = create_app("g3", peer_samples())
BY_NAME = {route.name: route for route in ROUTES}


async def trail_of(way: Way, run: PeerRun) -> Trail:
    trail = Trail()
    headers = {"Authorization": f"Bearer {SANDBOX_KEY}"}
    transport = httpx.ASGITransport(app=APP)
    async with (
        asking(APP) as asker,
        httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=headers) as http,
    ):

        async def ask(tool: str, given: dict[str, Any]) -> Any:
            trail.tokens.append(1)
            if way is over_ours:
                return await asker.ask(tool, **given)
            path = BY_NAME[tool].path.format(**given)
            others = {name: each for name, each in given.items() if name not in ids_in(path)}
            return json.loads((await http.get(path, params=others)).text)

        await way(run, ask, trail)
    return trail


@pytest.mark.parametrize("way", [over_ours, over_api])
@pytest.mark.parametrize("run", RUNS[:-1], ids=lambda run: run.name)
async def test_each_way_finds_every_fact(way: Way, run: PeerRun) -> None:
    assert set((await trail_of(way, run)).found_by) == {CAUSE, REASON, ORIGIN}


@pytest.mark.parametrize("way", [over_ours, over_api])
async def test_a_fact_that_is_not_shown_is_not_found(way: Way) -> None:
    (run,) = (each for each in RUNS if each.name == "billing-empty-email")
    wrong = replace(run, reason={"error": "no such customer"}, origin_path="/handle_outputs")
    assert set((await trail_of(way, wrong)).found_by) == {CAUSE}
    wrong = replace(run, message="Non-2xx response")
    found = set((await trail_of(way, wrong)).found_by)
    assert CAUSE not in found
    assert REASON not in found
