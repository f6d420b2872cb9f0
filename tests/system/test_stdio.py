"""The stdio server as a subprocess, as an MCP client starts it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio.to_thread
import pytest
from mcp import Client, StdioServerParameters
from starlette.requests import Request

from retab_mcp.sandbox.server import RunningSandbox, running_sandbox
from tests.samples import all_samples
from tests.support.asking import text_of

FAILED = "erp-unavailable"
# An MCP client would give up long before.
SECONDS = 30
# A tenth of this on a quiet machine; a call in flight would take 40 s or more to end.
PROMPT_SECONDS = 5


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
    """Send the messages, read one line per request, close stdin; return all lines of stdout."""
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
async def test_the_sdk_client_works_in_both_protocol_eras(mode: Any) -> None:
    with running_sandbox("g3") as sandbox:
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "retab_mcp"], env=environment(sandbox)
        )
        async with Client(server, mode=mode) as client:
            result = await client.call_tool("get_run", {"run_id": run_id_of(FAILED)})
    assert result.is_error is False
    assert json.loads(text_of(result))["status"] == "error"


async def test_the_server_starts_without_a_key_and_says_what_to_set() -> None:
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "retab_mcp"], env=environment(None)
    )
    async with Client(server) as client:
        assert len((await client.list_tools()).tools) >= 5
        result = await client.call_tool("get_run", {"run_id": "run_1"})
    answer = json.loads(text_of(result))
    assert result.is_error is True
    assert answer["kind"] == "not_configured"
    assert "RETAB_API_KEY" in answer["hint"]


@contextmanager
def process_in_session(env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start the server and wait for its answer to `initialize`."""
    with subprocess.Popen(
        [sys.executable, "-m", "retab_mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
    ) as process:
        try:
            hello = {"protocolVersion": "2025-11-25", "capabilities": {}}
            hello |= {"clientInfo": {"name": "test", "version": "1"}}
            send(process, request(1, "initialize", **hello))
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["id"] == 1
            yield process
        finally:
            process.kill()


@contextmanager
def process_with_call_in_flight() -> Iterator[subprocess.Popen[bytes]]:
    """Start the server and a call to which Retab does not answer."""
    arrived, go = threading.Event(), threading.Event()

    async def intercept(_request: Request) -> None:
        arrived.set()
        await anyio.to_thread.run_sync(go.wait)

    with (
        running_sandbox("g3", intercept=intercept) as sandbox,
        process_in_session(environment(sandbox)) as process,
    ):
        arguments = {"run_id": run_id_of(FAILED), "wait_seconds": 40}
        send(process, request(2, "tools/call", name="get_run", arguments=arguments))
        assert arrived.wait(SECONDS)
        try:
            yield process
        finally:
            go.set()


def send(process: subprocess.Popen[bytes], message: dict[str, Any]) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(message).encode() + b"\n")
    process.stdin.flush()


def close_input(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()


def close_both_ends(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    process.stdout.close()
    close_input(process)


def interrupt(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)


def terminate(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize(
    ("end", "code"),
    [(close_input, 0), (close_both_ends, 0), (interrupt, 130), (terminate, 143)],
)
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "call in flight"])
def test_the_server_ends_at_once_and_silently(
    end: Callable[[subprocess.Popen[bytes]], None], code: int, busy: bool
) -> None:
    running = process_with_call_in_flight() if busy else process_in_session(environment(None))
    with running as process:
        end(process)
        assert process.wait(PROMPT_SECONDS) == code
        assert process.stderr is not None
        assert process.stderr.read() == b""
        # A call in flight gets no answer: older clients raise an exception for an error.
        assert process.stdout is not None
        assert process.stdout.closed or process.stdout.read() == b""


def test_what_was_asked_before_the_input_ended_is_answered() -> None:
    """As `echo '{…}' | retab-mcp` does."""
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}}
    hello |= {"clientInfo": {"name": "test", "version": "1"}}
    done = subprocess.run(
        [sys.executable, "-m", "retab_mcp"],
        input=json.dumps(request(1, "initialize", **hello)) + "\n",
        capture_output=True,
        text=True,
        env=environment(None),
        timeout=SECONDS,
        check=True,
    )
    assert json.loads(done.stdout)["id"] == 1
    assert done.stderr == ""


def test_a_client_that_closes_its_end_gets_no_traceback() -> None:
    with process_in_session(environment(None)) as process:
        assert process.stdout is not None
        process.stdout.close()
        for number in range(2, 5):
            with contextlib.suppress(BrokenPipeError):
                send(process, request(number, "tools/list"))
        close_input(process)
        process.wait(PROMPT_SECONDS)
        assert process.stderr is not None
        assert process.stderr.read() == b""


GARBAGE = {
    "no JSON": b"garbage\n",
    "half a message": b'{"jsonrpc":"2.0","id":7,"meth\n',
    "an empty line": b"\n",
    "binary": bytes(range(1, 256)).replace(b"\n", b"") + b"\n",
    "an array": b"[1,2,3]\n",
    "a number": b"7\n",
    "null": b"null\n",
    "no method": b'{"jsonrpc":"2.0","id":7}\n',
    "deep": b"[" * 100_000 + b"\n",
    "10 MB": b'{"jsonrpc":"2.0","id":7,"method":"' + b"x" * 10_000_000 + b'"}\n',
    "10 MB in an argument": json.dumps(
        {
            **{"jsonrpc": "2.0", "id": 7, "method": "tools/call"},
            "params": {"name": "get_run", "arguments": {"run_id": "x" * 10_000_000}},
        }
    ).encode()
    + b"\n",
}


def test_the_server_answers_after_any_garbage() -> None:
    with process_in_session(environment(None)) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number, garbage in enumerate(GARBAGE.values(), 100):
            process.stdin.write(garbage)
            send(process, request(number, "tools/call", name="get_run", arguments={}))
            size = 0
            while (line := process.stdout.readline()) and json.loads(line).get("id") != number:
                size += len(line)
            assert json.loads(line)["result"]["isError"] is True
            # What cannot be read is not sent back, except for the name of an unknown method.
            assert size < 2_000 or b'"method":"xxx' in garbage, (number, size)
        process.stdin.write(GARBAGE["half a message"][:-1])
        close_input(process)
        assert process.wait(PROMPT_SECONDS) == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_a_client_that_does_not_read_cannot_keep_the_process_alive() -> None:
    with process_in_session(environment(None)) as process:
        assert process.stdin is not None
        stdin = process.stdin.fileno()
        os.set_blocking(stdin, False)
        line = json.dumps(request(2, "tools/list")).encode() + b"\n"
        # The server stops reading when the pipe of its answers is full.
        with contextlib.suppress(BlockingIOError):
            while os.write(stdin, line):
                pass
        terminate(process)
        assert process.wait(PROMPT_SECONDS) == 143
        assert process.stderr is not None
        assert process.stderr.read() == b""
