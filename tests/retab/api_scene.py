"""A simulated Retab server of any generation, and an API that reads from it."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.client import RetabClient
from retab_mcp.retab.credential import Credential
from retab_mcp.retab.deadline import Deadline
from retab_mcp.retab.route_cache import RouteCache

Answer = Callable[[httpx.QueryParams], tuple[int, Any]]


class Server:
    """Answer by path; answer an unknown path as an older server does."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(path)
        if path in self.answers:
            answer = self.answers[path]
            status, body = answer(request.url.params) if callable(answer) else (200, answer)
            return httpx.Response(status, content=json.dumps(body))
        # A server without that route reads one segment after /v1/workflows/ as the id of a workflow.
        trap = path.count("/") == 3 and path.startswith("/v1/workflows/")
        return httpx.Response(404, json={"detail": "Workflow not found" if trap else "Not Found"})


def api_of(
    server: Server, cache: RouteCache | None = None, max_body_bytes: int = 10**6
) -> RetabApi:
    client = RetabClient(
        "https://api.example.com",
        clock=lambda: 0.0,
        transport=httpx.MockTransport(server),
        max_body_bytes=max_body_bytes,
    )
    return RetabApi(client, Credential("k"), Deadline(lambda: 0.0, 50), cache or RouteCache())


def refusing(status: int, detail: str) -> Answer:
    return lambda params: (status, {"detail": detail})


def paged(rows: list[dict[str, Any]], *, tells_cursors: bool = True) -> Answer:
    """Answer with a flat list, applying its filters and cursors."""

    def answer(params: httpx.QueryParams) -> tuple[int, Any]:
        found = rows
        if statuses := params.get_list("status"):
            found = [row for row in found if row["lifecycle"]["status"] in statuses]
        ids = [row["step_id"] for row in found]
        start = ids.index(params["after"]) + 1 if "after" in params else 0
        page = found[start : start + int(params["limit"])]
        more = start + len(page) < len(found) and tells_cursors
        cursor = page[-1]["step_id"] if more else None
        return 200, {"data": page, "list_metadata": {"before": None, "after": cursor}}

    return answer
