"""Call every tool with every argument on samples of every kind, and keep the answers."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from unittest.mock import patch

import anyio
from mcp import Client
from mcp.types import CallToolResult, TextContent, Tool

from retab_mcp.queries.service import Service
from retab_mcp.retab.client import Reply, RetabClient, Transport
from retab_mcp.sandbox.app import SANDBOX_KEY, Intercept, create_app
from retab_mcp.sandbox.records import Sample, SampleRun, SampleStep, resolve
from retab_mcp.server import build_server
from retab_mcp.settings import Settings
from tests.samples import all_samples
from tests.support.asking import BASE_URL
from tests.system.poison import MARK, PLAIN_SECRETS, SAFE_KEY, STRUCTURE, PoisonedTransport, safe
from tests.system.scenes import SCENES

Json = Any

# One of each kind of block, outcome and trigger; larger samples would only take longer.
SAMPLE_NAMES = (
    *("invoice-schema", "invoice-unsure", "claim-split-gap", "accounts-partition", "customs-form"),
    *("bank-unauthorised", "payroll-traceback", "quote-while", "claims-nested", "expense-text"),
    *("letter-misfiled", "claim-waiting", "kyc-rejected", "lading-cancelled", "lading-running"),
    *("lading-protected", "lading-quota", "lading-restarted", "letter-hostile", "setup-secrets"),
    *("experiment-failed-job", "experiment-compared", "experiment-stale", "lease-evals"),
)
# Shortly after the samples' runs.
NOW = datetime(2026, 8, 31, tzinfo=UTC)
# All arguments are tried on every n-th scene only.
EVERY = 16

# Scenes per run, for tools that read the run as a whole.
FEW = 6
# Tried on all scenes.
POISONED_PATHS = (f"/handle_inputs/{SAFE_KEY}", f"/output/{SAFE_KEY}")

# Values for the arguments other than ids, each tried alone.
_SECRET = PLAIN_SECRETS[0].text
VARIATIONS: dict[str, tuple[Json, ...]] = {
    "path": (
        *("/handle_inputs", "/handle_outputs", "/cause", "/output", "/output/0-5", "/label"),
        *("/reason", "/error", "/inputs", "/consensus", "/no/such/place", "/portal_password/0-5"),
        "$.cause.details.stack_trace[0-40]",
    ),
    "status": ("error", "completed,skipped", "unheard_of", _SECRET),
    "block_type": ("extract", "function,api_call", _SECRET),
    "block_id": ("no-such-block", _SECRET),
    "step_id": ("no-such-step", _SECRET),
    "document_id": ("expdoc_none",),
    "operation": ("extraction", "unheard_of"),
    "workflow_id": ("wrk_none",),
    "experiment_id": ("exp_none",),
    "trigger": ("api", "email,schedule"),
    "from_date": ("2026-01-01",),
    "to_date": ("2026-12-31",),
    "min_duration_ms": (1,),
    "max_duration_ms": (10,),
    "metadata": ("tenant=north", f"note={_SECRET}"),
    "id_prefix": ("run_", _SECRET),
    "days": (1, 90),
    "time_zone": ("Asia/Tokyo", "Nowhere/None"),
    "limit": (1, 100),
    "wait_seconds": (1,),
    "cursor": ("not-a-cursor",),
    "query": ("poison", "redacted", "likelihoods", _SECRET),
    "pattern": ("poison", "pois.n", "redacted", _SECRET, "("),
}


@dataclass(frozen=True)
class Answered:
    """A call and its answer, decoded."""

    tool: str
    arguments: dict[str, Json]
    answer: Json
    is_error: bool


class Clock:
    """A clock that only sleeping advances."""

    def __init__(self) -> None:
        self.seconds = 0.0

    async def sleep(self, seconds: float) -> None:
        """Advance the clock without waiting."""
        self.seconds += seconds


def samples() -> tuple[Sample, ...]:
    """Return the samples of the drive."""
    by_name = {sample.name: sample for sample in all_samples()}
    return (SCENES, *(by_name[name] for name in SAMPLE_NAMES))


# One generation per family of routes; ids and paths are tried in all.
_ALL_ARGUMENTS = ("g1", "g2c", "g3")


@cache
def drive(generation: str, keep: frozenset[str] = STRUCTURE) -> tuple[Answered, ...]:
    """Return every call of the drive in a generation with its answer; see PoisonedTransport."""
    app = create_app(generation, samples())
    return drive_through(
        PoisonedTransport(app, keep), variations=keep == STRUCTURE and generation in _ALL_ARGUMENTS
    )


@cache
def drive_failing(status: int, part: str) -> tuple[Answered, ...]:
    """Like `drive`, where requests whose path holds `part` fail with an HTTP status."""
    app = create_app("g3", samples(), intercept=_failing(status, part))
    return drive_through(PoisonedTransport(app), variations=False)


def drive_through(transport: Transport, *, variations: bool = True) -> tuple[Answered, ...]:
    """Return every call of the drive over a transport, with its answer."""
    with patch.object(RetabClient, "_reply", _remembering(RetabClient._reply)):
        return anyio.run(_drive, transport, variations)


def _remembering(read_reply: Callable[..., Reply]) -> Callable[..., Reply]:
    """Return `RetabClient._reply` with a cache, since a drive reads each body many times."""
    known: dict[tuple[object, ...], Reply] = {}

    def reply(client: RetabClient, *arguments: Any) -> Reply:
        *route, response = arguments
        key = (*route, response.status, bytes(response.body))
        if key not in known:
            known[key] = read_reply(client, *arguments)
        return known[key]

    return reply


async def _drive(transport: Transport, variations: bool) -> tuple[Answered, ...]:
    clock = Clock()
    service = Service(
        BASE_URL,
        transport=transport,
        clock=lambda: clock.seconds,
        sleep=clock.sleep,
        now=lambda: NOW,
    )
    settings = Settings(api_key=SANDBOX_KEY, base_url=BASE_URL)
    answered: dict[str, Answered] = {}
    async with Client(build_server(settings, service)) as client:
        tools = (await client.list_tools()).tools
        for tool, arguments in calls_of(tools, variations=variations):
            await _ask(client, tool, arguments, answered)
        for tool, arguments in _suggested(answered):
            await _ask(client, tool, arguments, answered)
    await service.aclose()
    return tuple(answered.values())


async def _ask(
    client: Client, tool: str, arguments: dict[str, Json], answered: dict[str, Answered]
) -> None:
    key = f"{tool} {json.dumps(arguments, sort_keys=True)}"
    if key in answered:
        return
    result = await client.call_tool(tool, arguments)
    assert isinstance(result, CallToolResult)
    assert isinstance(result.content[0], TextContent)
    answer = json.loads(result.content[0].text)
    answered[key] = Answered(tool, arguments, answer, bool(result.is_error))


def _suggested(answered: dict[str, Answered]) -> list[tuple[str, dict[str, Json]]]:
    """Return the calls that the answers suggest."""
    calls = []
    for one in answered.values():
        following = (one.answer.get("truncated") or {}).get("next")
        calls += [following, *one.answer.get("next_calls", [])]
    return [(call["tool"], call["arguments"]) for call in calls if call]


def calls_of(tools: list[Tool], *, variations: bool) -> list[tuple[str, dict[str, Json]]]:
    """Return the calls that try every tool on every scene, and every argument on some of them."""
    calls = []
    for tool in tools:
        properties = tool.input_schema["properties"]
        required = tool.input_schema.get("required", [])
        unknown = [name for name in properties if name not in VARIATIONS and name not in _IDS]
        assert not unknown, f"VARIATIONS has no value for {unknown} of {tool.name}"
        needs_scene = _BY_SCENE & set(required) or "compare_to" in properties
        for number, scene in enumerate(_scenes_of(tool)):
            given = {name: scene.get(name, VARIATIONS.get(name, ("",))[0]) for name in required}
            if "" in given.values():
                continue
            calls.append((tool.name, given))
            if number % FEW == 0 or needs_scene:
                known = {name: scene[name] for name in properties if name in scene}
                calls.append((tool.name, known))
            if variations and "path" in properties and number % 2 == 0:
                calls += [(tool.name, given | {"path": path}) for path in POISONED_PATHS]
            if variations and number % EVERY == 0 and (required or number == 0):
                calls += [
                    (tool.name, given | {name: value})
                    for name in properties
                    for value in VARIATIONS.get(name, ())
                ]
    return [(name, given) for name, given in calls if _required(tools, name) <= given.keys()]


def _required(tools: list[Tool], name: str) -> set[str]:
    return next(set(tool.input_schema.get("required", [])) for tool in tools if tool.name == name)


def _scenes_of(tool: Tool) -> list[dict[str, Json]]:
    """Return the scenes whose ids are of the kind that the tool takes."""
    run = tool.input_schema["properties"].get("run_id", {}).get("description", "")
    if "wfevalrun_" in run:
        ids = [each.id for sample in samples() for each in sample.eval_runs]
        return [{"run_id": run_id} for run_id in ids]
    return [scene for scene in scenes() if ("document_id" in scene) == ("exprun_" in run)]


_BY_SCENE = frozenset(("step_id", "artifact_id", "document_id"))
_IDS = frozenset(("run_id", "other_run_id", "compare_to", "artifact_id"))


@cache
def scenes() -> tuple[dict[str, Json], ...]:
    """Return ids that belong together: of a step of each kind, and of an experiment's jobs."""
    runs = [run for sample in samples() for run in sample.runs]
    experiments = [one for sample in samples() for one in sample.experiments]
    found = []
    seen = set()
    for run in runs:
        other = next((one for one in runs if _are_comparable(run, one)), runs[0])
        for step in (None, *resolve(run.steps)):
            operation = step and step.artifact and step.artifact.operation
            kind = step and (operation or step.type, step.status in ("completed", "error"))
            if kind is None or kind not in seen:
                seen.add(kind)
                found.append(_scene(run, step) | {"other_run_id": other.id})
    for one in experiments:
        earlier = next((e for e in experiments if e.id == one.id and e is not one), one)
        found += [
            {
                "run_id": one.run_id,
                "compare_to": earlier.run_id,
                "workflow_id": safe(one.workflow_id),
                "experiment_id": one.id,
                "document_id": job.document_id,
            }
            for job in one.jobs[:2]
        ]
    return tuple(found)


def _are_comparable(run: SampleRun, other: SampleRun) -> bool:
    return run.workflow_id == other.workflow_id and run.id != other.id


def _scene(run: SampleRun, step: SampleStep | None) -> dict[str, Json]:
    scene = {"run_id": run.id, "workflow_id": run.workflow_id, "query": MARK}
    if step is not None:
        # In a loop the id of the block means several steps.
        step_id = step.block_id if step.loops else step.step_id
        scene |= {"step_id": safe(step_id), "block_id": safe(step.block_id)}
        if step.artifact is not None:
            scene |= {"artifact_id": step.artifact.id, "operation": step.artifact.operation}
    return scene


def _failing(status: int, part: str) -> Intercept:
    async def intercept(request: Any) -> Any:
        from starlette.responses import JSONResponse

        if part not in request.url.path:
            return None
        detail = [{"loc": ["query", "status"], "msg": "no such value", "type": "enum"}]
        return JSONResponse({"detail": detail if status == 422 else "It broke."}, status)

    return intercept
