"""The sandbox on a real socket."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from retab_mcp.sandbox.app import SANDBOX_KEY
from retab_mcp.sandbox.server import RunningSandbox, running_sandbox, serve
from tests.sandbox.small import SMALL, headers


def read(sandbox: RunningSandbox, path: str) -> tuple[int, bytes]:
    request = urllib.request.Request(sandbox.base_url + path, headers=headers("g3", sandbox.key))
    with urllib.request.urlopen(request, timeout=5) as response:
        return response.status, response.read()


def test_the_sandbox_answers_over_http_and_keeps_the_log() -> None:
    with running_sandbox("g3", (SMALL,), key="another-key") as sandbox:
        status, body = read(sandbox, "/v1/workflows/runs/run_1")
        assert status == 200
        assert json.loads(body)["id"] == "run_1"
        assert [logged.path for logged in sandbox.requests] == ["/v1/workflows/runs/run_1"]
    with pytest.raises(OSError, match="refused"):
        read(sandbox, "/v1/workflows/runs/run_1")


def test_several_sandboxes_run_at_once() -> None:
    with running_sandbox("g1", (SMALL,)) as older, running_sandbox("g3", (SMALL,)) as newer:
        assert older.base_url != newer.base_url
        assert read(newer, "/v1/auth/status")[0] == 200


def test_all_samples_are_served_by_default() -> None:
    with running_sandbox("g3") as sandbox:
        runs = json.loads(read(sandbox, "/v1/workflows/runs?limit=100")[1])["data"]
    assert len(runs) >= 20


def test_a_port_in_use_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            serve("g3", port)


def test_an_interrupt_ends_the_sandbox_at_once_and_quietly() -> None:
    code = "from retab_mcp.sandbox.server import serve; serve('g3', 0)"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stderr is not None
    said = [process.stderr.readline() for _ in range(3)]
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")
    assert said[1].startswith("RETAB_API_BASE_URL=http://127.0.0.1:")
    assert said[2].strip() == f"RETAB_API_KEY={SANDBOX_KEY}"
