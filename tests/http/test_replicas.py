"""Replicas behind nginx act as one server."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from retab_mcp.sandbox.server import running_sandbox
from tests.http.nginx import NGINX, running_nginx
from tests.http.processes import running_service
from tests.http.scene import HEADERS, KEY_OF_ACME, bearer, message
from tests.samples import all_samples

pytestmark = [
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
    pytest.mark.xdist_group("replicas"),  # the processes start once
]

SAMPLE = all_samples()[0]
RUN_ID = SAMPLE.runs[0].id
CALLS = 40


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run nginx before two replicas with a shared cursor key; one has two workers."""
    with ExitStack() as stack:
        retab = stack.enter_context(running_sandbox("g3", [SAMPLE], key=KEY_OF_ACME))
        environment = {
            "RETAB_API_BASE_URL": retab.base_url,
            "RETAB_MCP_CURSOR_KEY": "shared-by-the-replicas-of-the-test",
        }
        hosts = ("--allow-host", "mcp.example.com")
        replicas = [
            stack.enter_context(
                running_service("--workers", workers, *hosts, environment=environment)
            )[1].removeprefix("http://")
            for workers in ("1", "2")
        ]
        port = stack.enter_context(running_nginx(tmp_path_factory.mktemp("nginx"), replicas))
        yield f"http://127.0.0.1:{port}"


def call(url: str, tool: str, **arguments: object) -> dict[str, object]:
    headers = HEADERS | bearer(KEY_OF_ACME) | {"host": "mcp.example.com"}
    response = httpx.post(
        f"{url}/mcp",
        json=message(tool, arguments),
        headers=headers,
        timeout=30,
        trust_env=False,
    )
    assert response.status_code == 200, response.text
    answer: dict[str, object] = json.loads(response.json()["result"]["content"][0]["text"])
    return answer


def test_a_cursor_of_one_replica_works_in_the_others(url: str) -> None:
    page = call(url, "list_steps", run_id=RUN_ID, limit=1)
    following = page["truncated"]["next"]["arguments"]  # type: ignore[index]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: call(url, "list_steps", **following), range(CALLS)))
    assert all(answer == answers[0] for answer in answers)
    assert "error" not in answers[0]


def test_probes_and_metrics_are_not_public(url: str) -> None:
    for path in ("/metrics", "/healthz", "/readyz", "/"):
        response = httpx.get(f"{url}{path}", headers={"host": "mcp.example.com"}, trust_env=False)
        assert response.status_code == 404


def test_progress_passes_nginx_as_a_stream(url: str) -> None:
    headers = HEADERS | bearer(KEY_OF_ACME) | {"host": "mcp.example.com"}
    body = message("list_steps", {"run_id": RUN_ID}, progressToken=1)
    response = httpx.post(f"{url}/mcp", json=body, headers=headers, timeout=30, trust_env=False)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert RUN_ID in response.text
