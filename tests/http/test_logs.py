"""What log lines contain, and what they never contain."""

import json
import logging
from collections.abc import Iterator

import pytest

from retab_mcp.http.instrumentation import loggable_ids
from retab_mcp.http.logs import JsonLines
from retab_mcp.sandbox.app import create_app as create_sandbox
from tests.http.scene import (
    KEY_OF_ACME,
    Tenants,
    bearer,
    connected,
    message,
    post,
    service_app,
)
from tests.samples import all_samples

RUN_ID = all_samples()[0].runs[0].id


class Lines(logging.Handler):
    """A log handler that keeps the lines."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[list[str]]:
    handler = Lines()
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler.lines
    root.setLevel(before)
    root.removeHandler(handler)


def ours(lines: list[str]) -> list[dict[str, object]]:
    parsed = [json.loads(line) for line in lines]
    return [line for line in parsed if line["logger"] == "retab_mcp.http"]


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
    assert "kind" not in line
    assert line["time"].endswith("+00:00")  # type: ignore[attr-defined]


async def test_the_line_of_an_error_has_its_kind(lines: list[str]) -> None:
    async with connected(service_app(retab())) as client:
        await post(client, message("get_run", {"run_id": "run_none"}), bearer(KEY_OF_ACME))
    assert ours(lines)[0]["kind"] == "not_found"


async def test_a_refusal_is_one_line(lines: list[str]) -> None:
    async with connected(service_app(retab())) as client:
        response = await post(client, message("get_run", {"run_id": RUN_ID}))
    (line,) = ours(lines)
    assert line["status"] == 401
    assert line["request_id"] == response.headers["x-request-id"]


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
