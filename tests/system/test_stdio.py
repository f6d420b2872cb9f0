"""The real server as a real subprocess: what an assistant's host starts."""

import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from retab_mcp.sandbox.server import RunningSandbox, running_sandbox
from tests.samples import all_samples

FAILED = "erp-unavailable"
# An assistant's host would give up long before.
SECONDS = 30


def environment(sandbox: RunningSandbox | None) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("RETAB_")}
    if sandbox is None:
        return inherited
    return inherited | {"RETAB_API_KEY": sandbox.key, "RETAB_API_BASE_URL": sandbox.base_url}


def run_id_of(name: str) -> str:
    return next(sample for sample in all_samples() if sample.name == name).runs[0].id


def request(number: int, method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def talk(messages: list[dict[str, Any]], env: dict[str, str]) -> list[str]:
    """Send the messages, read as many answers as there are requests; the lines of stdout."""
    expected = sum("id" in message for message in messages)
    with subprocess.Popen(
        [sys.executable, "-m", "retab_mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for message in messages:
            process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
        lines = [process.stdout.readline() for _ in range(expected)]
        process.stdin.close()
        lines += process.stdout.readlines()
        assert process.wait(SECONDS) == 0
    return lines


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
def test_every_line_of_stdout_is_json_rpc(version: str) -> None:
    hello = {
        "protocolVersion": version,
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    with running_sandbox("g3") as sandbox:
        lines = talk(
            [
                request(1, "initialize", **hello),
                {"jsonrpc": "2.0", "method": "notifications/initialized"},
                request(2, "tools/list"),
                request(3, "tools/call", name="get_run", arguments={"run_id": run_id_of(FAILED)}),
                request(4, "tools/call", name="get_run", arguments={"run_id": "run_none"}),
                request(5, "tools/call", name="get_run", arguments={"nope": 1}),
                request(6, "tools/call", name="dance", arguments={}),
                request(7, "prompts/get", name="debug_run", arguments={"run_id": "run_1"}),
                request(8, "prompts/get", name="debug_run", arguments={}),
            ],
            environment(sandbox),
        )
    answers = {message["id"]: message for message in map(json.loads, lines) if "id" in message}
    assert all(message["jsonrpc"] == "2.0" for message in map(json.loads, lines))
    assert answers[1]["result"]["protocolVersion"] == version
    assert answers[1]["result"]["serverInfo"]["name"] == "retab-mcp"
    cause = json.loads(answers[3]["result"]["content"][0]["text"])["cause"]
    assert cause["kind"] == "called_api_down"
    assert answers[4]["result"]["isError"] is True
    assert answers[5]["result"]["isError"] is True
    assert answers[6]["error"]["code"] == -32602
    assert "run_1" in answers[7]["result"]["messages"][0]["content"]["text"]
    assert answers[8]["error"]["code"] == -32602


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_sdks_own_client_in_both_eras(mode: Any) -> None:
    with running_sandbox("g3") as sandbox:
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "retab_mcp"], env=environment(sandbox)
        )
        async with Client(server, mode=mode) as client:
            result = await client.call_tool("get_run", {"run_id": run_id_of(FAILED)})
    assert result.is_error is False
    assert json.loads(result.content[0].text)["status"] == "error"


async def test_without_a_key_it_starts_and_says_what_to_set() -> None:
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "retab_mcp"], env=environment(None)
    )
    async with Client(server) as client:
        assert len((await client.list_tools()).tools) >= 5
        result = await client.call_tool("get_run", {"run_id": "run_1"})
    answer = json.loads(result.content[0].text)
    assert result.is_error is True
    assert answer["kind"] == "not_configured"
    assert "RETAB_API_KEY" in answer["hint"]


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
def test_ctrl_c_ends_it_at_once() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "retab_mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(None),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        hello = {"protocolVersion": "2025-11-25", "capabilities": {}}
        hello |= {"clientInfo": {"name": "test", "version": "1"}}
        process.stdin.write(json.dumps(request(1, "initialize", **hello)).encode() + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(SECONDS)
        assert time.monotonic() - sent < 2
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
