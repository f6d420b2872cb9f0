"""The service as processes: workers, graceful shutdown, and bad options."""

import json
import signal
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio.to_thread
import httpx
import pytest
from starlette.requests import Request

from retab_mcp.cli.main import main
from retab_mcp.http.serving import DRAIN_SECONDS
from retab_mcp.sandbox.server import running_sandbox
from tests.http.processes import running_service
from tests.http.scene import HEADERS, KEY_OF_ACME, bearer, message
from tests.samples import all_samples

SAMPLE = all_samples()[0]
RUN_ID = SAMPLE.runs[0].id


def call(client: httpx.Client, tool: str, **arguments: object) -> dict[str, object]:
    response = client.post("/mcp", json=message(tool, arguments), headers=HEADERS)
    assert response.status_code == 200, response.text
    answer: dict[str, object] = json.loads(response.json()["result"]["content"][0]["text"])
    return answer


def client_of(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, headers=bearer(KEY_OF_ACME), timeout=30, trust_env=False)


def test_workers_share_cursors_and_metrics() -> None:
    """Any worker accepts the cursors of the others and reports the calls of all."""
    with (
        running_sandbox("g3", [SAMPLE], key=KEY_OF_ACME) as retab,
        running_service("--workers", "2", environment={"RETAB_API_BASE_URL": retab.base_url}) as (
            process,
            url,
        ),
    ):
        with client_of(url) as client:
            page = call(client, "list_steps", run_id=RUN_ID, limit=1)
        following = page["truncated"]["next"]["arguments"]  # type: ignore[index]
        calls = 1
        for _ in range(12):
            # One connection per call, so that the kernel spreads them over both workers.
            with client_of(url) as client:
                assert call(client, "list_steps", **following)["rows"]
            calls += 1
        text = httpx.get(f"{url}/metrics", trust_env=False).text
        assert f'retab_mcp_tool_calls_total{{tool="list_steps"}} {calls}.0' in text
        environment = Path(f"/proc/{process.pid}/environ").read_bytes()
        titles = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        assert KEY_OF_ACME.encode() not in environment + titles
        process.send_signal(signal.SIGTERM)
        assert logged(process)[-2:] == ["stopping SIGTERM", "stopped"]


def logged(process: subprocess.Popen[bytes]) -> list[str]:
    """Return the messages that a process logs until it ends, with their signals."""
    _, said = process.communicate(timeout=DRAIN_SECONDS + 5)
    lines = [json.loads(line) for line in said.splitlines()]
    return [" ".join(filter(None, (line["message"], line.get("signal")))) for line in lines]


def test_sigterm_lets_calls_in_flight_finish() -> None:
    arrived, go = threading.Event(), threading.Event()

    async def intercept(request: Request) -> None:
        if request.url.path == f"/v1/workflows/runs/{RUN_ID}":
            arrived.set()
            await anyio.to_thread.run_sync(go.wait)

    with (
        running_sandbox("g3", [SAMPLE], key=KEY_OF_ACME, intercept=intercept) as retab,
        running_service(environment={"RETAB_API_BASE_URL": retab.base_url}) as (process, url),
        ThreadPoolExecutor(1) as pool,
        client_of(url) as client,
    ):
        running = pool.submit(call, client, "list_steps", run_id=RUN_ID)
        assert arrived.wait(10)
        assert httpx.get(f"{url}/healthz", trust_env=False).json() == {"status": "alive"}
        process.send_signal(signal.SIGTERM)
        _wait_until_refused(url)
        go.set()
        assert running.result(10)["run_id"] == RUN_ID
        assert logged(process) == ["serving", "stopping SIGTERM", "call", "stopped"]


def _wait_until_refused(url: str) -> None:
    for _ in range(1000):
        try:
            httpx.get(f"{url}/healthz", trust_env=False)
        except httpx.ConnectError:
            return
    raise AssertionError("new connections are still accepted")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--host", "0.0.0.0"], "--allow-host"),
        (["--shared-key"], "RETAB_API_KEY"),
        (["--port", "70000"], "--port must be between 0 and 65535"),
        (["--port", "-1"], "--port must be between 0 and 65535"),
        (["--host", "192.0.2.1", "--allow-host", "x"], "not an address of this machine"),
        (["--host", "no.such.host.invalid", "--allow-host", "x"], "not an address or a known name"),
        (["--trusted-proxy", "*"], "--trusted-proxy must be an address"),
        (["--issuer", "https://login.example.com"], "together"),
        (
            [
                *("--issuer", "https://login.example.com"),
                *("--audience", "https://mcp.example.com/mcp"),
                *("--keys", "/nowhere/keys.json"),
            ],
            "file of keys",
        ),
    ],
)
def test_bad_options_are_refused_in_one_line(
    arguments: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("RETAB_API_KEY", raising=False)
    assert main(["serve", "--http", *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_taken_port_is_refused_in_one_line(
    workers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert main(["serve", "--http", "--port", port, "--workers", workers]) == 2
    assert capsys.readouterr().err == (
        f"retab-mcp serve: Port {port} of 127.0.0.1 is already in use. "
        "Choose another with --port.\n"
    )


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("RETAB_API_KEY", "two words", "RETAB_API_KEY"),
        ("RETAB_API_KEY", "${input:retab-key}", "placeholder"),
        ("RETAB_API_BASE_URL", "http://retab.example.com", "https"),
        ("RETAB_MCP_CURSOR_KEY", "changeme", "at least 32 characters"),
    ],
)
def test_bad_settings_are_refused_at_start(
    variable: str,
    value: str,
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RETAB_API_KEY", KEY_OF_ACME)
    monkeypatch.setenv(variable, value)
    assert main(["serve", "--http", "--shared-key"]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert value not in said
