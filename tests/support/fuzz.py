"""Break the bodies of a failed run in any way, and check what the tools still say about it."""

import json
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

import httpx

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.queries.service import Service
from retab_mcp.sandbox.app import create_app
from tests.retab.wires import failed_run, failed_step
from tests.support.asking import BASE_URL, asking, text_of

# Fields that are kept, wherever they are: without them there is nothing to say.
KEPT = frozenset({"id", "run_id", "step_id", "status", "kind", "message", "error", "lifecycle"})
KEPT |= {"terminal"}
# More than one library reads.
DEPTH = 300
MAX_TOKENS = 2_000
MAX_BREAKS = 6

_deep: Any = None
for _ in range(DEPTH):
    _deep = [_deep] if _ % 2 else {"a": _deep}

OTHER_VALUES: tuple[Any, ...] = (
    *(None, "", 0, -1, 10**30, 1e308, float("nan"), float("inf"), True, False, [], {}, [[]]),
    *("x" * 3_000, "\ud800", "\x00", "\u202e", "2026-13-45T99:99:99Z", "ERROR", "../../secrets/x"),
    *({"": ""}, ["a", None, 3], {"type": "json", "data": {"a": [1]}}, [{}] * 200, _deep),
)


def break_body(body: Any, chance: Random) -> Any:
    """Return a copy of `body` with some fields dropped, nulled, retyped or nested."""
    broken = deepcopy(body)
    for _ in range(chance.randint(1, MAX_BREAKS)):
        places = list(_places(broken))
        if not places:
            break
        holder, name = chance.choice(places)
        match chance.choice(("drop", "replace", "replace", "wrap", "add")):
            case "drop" if isinstance(holder, dict):
                del holder[name]
            case "wrap":
                holder[name] = chance.choice(([holder[name]], {"value": holder[name]}))
            case "add" if isinstance(holder, dict):
                holder[f"new_{chance.randint(0, 9)}"] = _other_value(chance)
            case _:
                holder[name] = _other_value(chance)
    return broken


def _other_value(chance: Random) -> Any:
    value = chance.choice(OTHER_VALUES)
    # A copy, since later breaks change it; nothing goes into the deep one.
    return value if value is _deep else deepcopy(value)


def _places(body: Any) -> Iterator[tuple[Any, Any]]:
    members = body.items() if isinstance(body, dict) else enumerate(body)
    for name, value in members:
        if name not in KEPT:
            yield body, name
        if isinstance(value, (dict, list)) and len(value) < DEPTH and value is not _deep:
            yield from _places(value)


class _Retab(httpx.AsyncBaseTransport):
    """Serve one run and one step on the routes of every generation."""

    def __init__(self, run: Any, step: Any) -> None:
        page = {"data": [step], "list_metadata": {"before": None, "after": None}}
        self._bodies = {
            "/v1/workflows/runs/run_1": run,
            "/v1/workflows/runs/run_1/steps": [step],
            f"/v1/workflows/runs/run_1/steps/{step['step_id']}": step,
            f"/v1/workflows/steps/{step['step_id']}": step,
            "/v1/workflows/steps": page,
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, or refuse as an unknown route."""
        if request.url.path not in self._bodies:
            return httpx.Response(404, json={"detail": "Not Found"})
        return httpx.Response(200, content=json.dumps(self._bodies[request.url.path]))


async def check_broken_run(generation: str, chance: Random) -> None:
    """Ask about a failed run whose bodies are broken; raise AssertionError for a bad answer."""
    run = break_body(failed_run(generation), chance)
    step = break_body(failed_step(generation), chance)
    service = Service(BASE_URL, transport=_Retab(run, step))
    answers = {}
    async with asking(create_app("g3", []), service=service) as asker:
        for tool, arguments in (
            ("get_run", {}),
            ("list_steps", {}),
            ("get_step", {"step_id": step["step_id"]}),
            ("search_run", {"query": "boom"}),
        ):
            result = await asker.client.call_tool(tool, {"run_id": "run_1", **arguments})
            text = text_of(result)
            answers[tool] = json.loads(text)
            assert answers[tool].get("kind") != "internal", (tool, text)
            assert estimate_tokens(text) <= MAX_TOKENS, (tool, text)
            assert answers[tool]["run_id"] == "run_1", (tool, text)
    assert answers["get_run"]["status"] == "error", answers["get_run"]
    assert "boom" in json.dumps(answers["get_run"]["cause"]), answers["get_run"]
    assert "boom" in json.dumps(answers["get_step"]), answers["get_step"]
