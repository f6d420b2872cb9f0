"""What log lines contain, and what they never contain."""

import hashlib
import json
import logging

import pytest

from retab_mcp.http.endpoint import MAX_BODY_BYTES
from retab_mcp.http.instrumentation import loggable_ids
from retab_mcp.sandbox.app import create_app as create_sandbox
from tests.http.scene import (
    HEADERS,
    KEY_OF_ACME,
    Tenants,
    bearer,
    connected,
    message,
    ours,
    post,
    service_app,
)
from tests.samples import all_samples

RUN_ID = all_samples()[0].runs[0].id


def retab() -> Tenants:
    return Tenants({KEY_OF_ACME: create_sandbox("g3", all_samples()[:1], key=KEY_OF_ACME)})


async def test_a_call_is_one_line(lines: list[str]) -> None:
    async with connected(service_app(retab())) as client:
        headers = bearer(KEY_OF_ACME) | {"x-request-id": "req-7"}
        await post(client, message("get_run", {"run_id": RUN_ID}), headers)
    (line,) = ours(lines)
    assert line["request_id"] == "req-7"
    assert line["tool"] == "get_run"
    assert line["ids"] == {"run_id": RUN_ID}
    assert isinstance(line["ms"], float)
    key = hashlib.sha256(KEY_OF_ACME.encode()).hexdigest()
    assert line["caller"] == f"key:{key[:8]}"
    assert line["client"] == "127.0.0.1"
    assert "kind" not in line
    assert line["time"].endswith("+00:00")


async def test_the_line_of_an_error_has_its_kind(lines: list[str]) -> None:
    async with connected(service_app(retab())) as client:
        await post(client, message("get_run", {"run_id": "run_none"}), bearer(KEY_OF_ACME))
    assert ours(lines)[0]["kind"] == "not_found"


async def test_a_refusal_is_one_line(lines: list[str]) -> None:
    async with connected(service_app(retab())) as client:
        response = await post(client, message("get_run", {"run_id": RUN_ID}))
    (line,) = ours(lines)
    assert line["status"] == 401
    assert line["reason"] == "no_credential"
    assert line["client"] == "127.0.0.1"
    assert line["request_id"] == response.headers["x-request-id"]


async def test_every_refusal_has_its_reason(lines: list[str]) -> None:
    good, key = message("get_run", {"run_id": RUN_ID}), bearer(KEY_OF_ACME)
    async with connected(service_app(retab())) as client:
        await post(client, good, key | {"host": "elsewhere.example"})
        await client.get("/mcp", headers=key)
        await post(client, good, {"authorization": "Bearer two words"})
        await post(client, good, {"authorization": "Basic eA=="})
        await post(client, good, key | {"api-key": KEY_OF_ACME})
        await client.post("/mcp", content=b"{", headers=HEADERS | key)
        await client.post("/mcp", content=b" " * (MAX_BODY_BYTES + 1), headers=HEADERS | key)
    assert [(line["status"], line["reason"]) for line in ours(lines)] == [
        (421, "host_or_origin"),
        (405, "method"),
        (401, "malformed_key"),
        (401, "not_bearer"),
        (401, "several_credentials"),
        (400, "protocol"),
        (413, "protocol"),
    ]


async def test_logs_contain_ids_but_no_other_argument_and_no_key(lines: list[str]) -> None:
    """At any level and from any library, for good and bad calls."""
    argument = "the-argument-of-a-caller"
    async with connected(service_app(retab())) as client:
        for arguments in (
            {"run_id": RUN_ID, "status": argument},
            {"run_id": argument},
            {"run_id": KEY_OF_ACME},
            {argument: argument},
            {"run_id": [argument]},
        ):
            await post(client, message("list_steps", arguments), bearer(KEY_OF_ACME))
        await post(client, message("list_steps", {}), {"authorization": f"Basic {KEY_OF_ACME}"})
        await client.post("/mcp", content=argument, headers=bearer(KEY_OF_ACME))
    ours_alone = json.dumps(ours(lines))
    assert argument not in ours_alone
    assert KEY_OF_ACME not in "".join(lines)


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ({"run_id": RUN_ID}, {"run_id": RUN_ID}),
        ({"run_id": RUN_ID, "query": "run_1"}, {"run_id": RUN_ID}),
        ({"run_id": "https://example.com/run_1"}, None),
        ({"run_id": "run_1 and more"}, None),
        ({"run_id": "run_" + KEY_OF_ACME}, None),
        ({"step_id": "block_of-a-customer"}, None),
        ({"run_id": 7}, None),
        ({}, None),
    ],
)
def test_only_whole_ids_are_logged(
    arguments: dict[str, object], ids: dict[str, str] | None
) -> None:
    assert loggable_ids(arguments) == ids


def test_an_exception_is_logged_by_type_and_line_only(lines: list[str]) -> None:
    try:
        raise ValueError("what was read from a run")
    except ValueError:
        logging.getLogger("some.library").exception("failed with %s", KEY_OF_ACME)
    line = json.loads(lines[-1])
    assert line["error"] == "ValueError"
    assert line["at"].rpartition(":")[0].endswith("test_logs.py")
    assert "what was read" not in lines[-1]
    assert KEY_OF_ACME not in lines[-1]


def test_a_message_with_line_breaks_is_one_line(lines: list[str]) -> None:
    logging.getLogger("some.library").warning("first\nsecond\x1b[31m")
    assert "\n" not in lines[-1]
    assert "\x1b" not in lines[-1]
