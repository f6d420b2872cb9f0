"""Callers whose key Retab has not accepted: they share few places, and leave the others alone."""

from collections.abc import Iterable

import anyio
import httpx
import pytest

from retab_mcp.http.accepted_callers import MAX_CALLERS, TTL_SECONDS, AcceptedCallers
from retab_mcp.http.caller import network_of
from retab_mcp.http.limits import ALL, STRANGERS, STRANGERS_OF_ADDRESS
from retab_mcp.sandbox.app import create_app as create_sandbox
from tests.http.scene import (
    KEY_OF_ACME,
    KEY_OF_GLOBEX,
    Tenants,
    ask,
    bearer,
    client_of,
    connected,
    message,
    post,
    service_app,
)
from tests.samples import all_samples

RUN_ID = all_samples()[0].runs[0].id
CALL = message("list_runs", {})

# More than all places of the service.
MADE_UP = sum(ALL) + 20


class SlowToRefuse(Tenants):
    """A Retab that takes its time to refuse an unknown key."""

    def __init__(self) -> None:
        tenants = {
            key: create_sandbox("g3", all_samples()[:1], key=key)
            for key in (KEY_OF_ACME, KEY_OF_GLOBEX)
        }
        super().__init__(tenants)
        self.keys = tuple(tenants)
        self.go = anyio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not request.headers.get("authorization", "").endswith(self.keys):
            await self.go.wait()
        return await super().handle_async_request(request)


async def attack(
    client: httpx.AsyncClient, keys: Iterable[int], responses: list[httpx.Response]
) -> None:
    async def one(number: int) -> None:
        responses.append(await post(client, CALL, bearer(f"rt_live_{number:020d}")))

    async with anyio.create_task_group() as tasks:
        for number in keys:
            tasks.start_soon(one, number)


async def test_made_up_keys_leave_places_for_the_others() -> None:
    retab = SlowToRefuse()
    app = service_app(retab)
    responses: list[httpx.Response] = []
    async with connected(app) as client, anyio.create_task_group() as tasks:
        await ask(client, KEY_OF_ACME, "list_runs", {})
        tasks.start_soon(attack, client, range(MADE_UP), responses)
        await anyio.wait_all_tasks_blocked()
        refused_at_once = [response.status_code for response in responses]
        # From the address of the attack: a caller that Retab has accepted before, whatever it asks.
        for _ in range(3):
            assert "rows" in await ask(client, KEY_OF_ACME, "list_steps", {"run_id": RUN_ID})
        # From elsewhere: a caller that is new.
        async with client_of(app, "203.0.113.9") as elsewhere:
            assert await ask(elsewhere, KEY_OF_GLOBEX, "list_runs", {})
        retab.go.set()
    admitted = sum(STRANGERS_OF_ADDRESS)
    assert refused_at_once == [429] * (MADE_UP - admitted)
    assert [response.status_code for response in responses[-admitted:]] == [200] * admitted


async def test_made_up_keys_from_many_addresses_leave_places_too() -> None:
    retab = SlowToRefuse()
    app = service_app(retab)
    responses: list[httpx.Response] = []
    async with connected(app) as client, anyio.create_task_group() as tasks:
        await ask(client, KEY_OF_ACME, "list_runs", {})
        for network in range(40):
            other = client_of(app, f"198.51.100.{network}")
            tasks.start_soon(attack, other, range(network * 10, network * 10 + 10), responses)
        await anyio.wait_all_tasks_blocked()
        assert len(responses) == 400 - sum(STRANGERS)
        assert "rows" in await ask(client, KEY_OF_ACME, "list_steps", {"run_id": RUN_ID})
        retab.go.set()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("not an address", "not an address"),
    ],
)
def test_addresses_of_one_owner_are_one(address: str, network: str) -> None:
    assert network_of({"client": (address, 1)}) == network


def test_a_client_without_an_address_has_none() -> None:
    assert network_of({"client": None}) == ""


@pytest.mark.parametrize(
    ("statuses", "accepted"),
    [
        ([200], True),
        ([401, 200], True),
        ([200, 401], False),
        ([200, 404, 500, None], True),
        ([401], False),
        ([404, 403, 429, 503, None], False),
        ([], False),
    ],
)
def test_a_key_is_accepted_by_a_success_until_it_is_refused(
    statuses: list[int | None], accepted: bool
) -> None:
    callers = AcceptedCallers()
    for status in statuses:
        callers.answered("acme", status)
    assert ("acme" in callers) is accepted


def test_an_accepted_key_expires_and_their_number_is_bounded() -> None:
    now = 0.0
    callers = AcceptedCallers(lambda: now)
    for number in range(MAX_CALLERS + 1):
        callers.answered(str(number), 200)
    assert "0" not in callers
    assert str(MAX_CALLERS) in callers
    now = TTL_SECONDS
    assert str(MAX_CALLERS) not in callers
