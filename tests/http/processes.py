"""The service as a separate process on loopback."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

# Each worker imports everything, which is slow on a busy machine.
START_SECONDS = 90.0


def free_port() -> int:
    """Return a port that is not in use."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running_service(
    *arguments: str, environment: Mapping[str, str]
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run `retab-mcp serve --http` within the context; yield the process and its URL."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "retab_mcp", "serve", "--http", "--port", str(port)]
    process = subprocess.Popen(
        [*command, *arguments],
        env={**os.environ, "RETAB_API_KEY": "", **environment},
        stderr=subprocess.PIPE,
    )
    try:
        wait_until_up(process, url)
        yield process, url
    finally:
        process.terminate()
        process.communicate(timeout=30)


def wait_until_up(process: subprocess.Popen[bytes], url: str, path: str = "/healthz") -> None:
    """Return when a server answers at `path` with any status."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, "the process ended"
        try:
            httpx.get(f"{url}{path}", trust_env=False)
        except httpx.TransportError:
            continue
        return
    raise TimeoutError("the process did not start")
