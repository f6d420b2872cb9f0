"""The resources that the server offers, and the completion of ids in their URIs and in prompts."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import fields
from typing import Any

import httpx
import pytest
from mcp import MCPError
from mcp.types import PromptReference, ResourceTemplateReference, TextResourceContents

from retab_mcp.models import FailureKind, FindingKind, Operation, Status
from retab_mcp.prompts import load_prompts
from retab_mcp.queries import id_completion
from retab_mcp.queries.service import Service
from retab_mcp.resources import GUIDE_URI, TOOL_RESOURCES
from retab_mcp.sandbox.app import create_app
from retab_mcp.tools.catalog import TOOLS
from tests.samples import all_samples
from tests.support.asking import BASE_URL, Asker, asking

DEBUG_RUN = PromptReference(type="ref/prompt", name="debug_run")


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def asker() -> AsyncIterator[Asker]:
    async with asking(create_app("g3", all_samples())) as asker:
        yield asker


def run_of(name: str) -> Any:
    return next(sample for sample in all_samples() if sample.name == name).runs[0]


async def read(asker: Asker, uri: str) -> TextResourceContents:
    (contents,) = (await asker.client.read_resource(uri)).contents
    assert isinstance(contents, TextResourceContents)
    return contents


async def complete(asker: Asker, argument: str, typed: str = "", **given: str) -> list[str]:
    result = await asker.client.complete(
        DEBUG_RUN, {"name": argument, "value": typed}, context_arguments=given or None
    )
    return result.completion.values


async def test_every_resource_is_listed_with_a_title_and_a_description(asker: Asker) -> None:
    resources = (await asker.client.list_resources()).resources
    templates = (await asker.client.list_resource_templates()).resource_templates
    # The page of an app is a resource too.
    assert GUIDE_URI in [each.uri for each in resources]
    assert [each.uri_template for each in templates] == [
        "retab://runs/{run_id}",
        "retab://runs/{run_id}/steps/{step_id}",
        "retab://artifacts/{artifact_id}",
        "retab://workflows/{workflow_id}",
    ]
    shown = [(each.title, each.description) for each in resources]
    shown += [(each.title, each.description) for each in templates]
    assert all(title and "Retab" in (description or "") for title, description in shown)


def test_the_variables_of_a_resource_are_arguments_of_its_tool() -> None:
    tools = {spec.name: spec for spec in TOOLS}
    for resource in TOOL_RESOURCES:
        arguments = {field.name for field in fields(tools[resource.tool].arguments)}
        assert set(re.findall(r"{(\w+)}", resource.uri)) <= arguments


async def test_a_resource_answers_as_its_tool_does(asker: Asker) -> None:
    run = run_of("label-rejected")
    contents = await read(asker, f"retab://runs/{run.id}")
    assert contents.mime_type == "application/json"
    assert json.loads(contents.text) == await asker.ask("get_run", run_id=run.id)
    step = json.loads((await read(asker, f"retab://runs/{run.id}/steps/order-label")).text)
    assert step["step_id"] == "order-label"
    artifact = step["artifact"]["id"]
    record = json.loads((await read(asker, f"retab://artifacts/{artifact}")).text)
    assert record["operation"] == "api_call_invocation"
    runs = json.loads((await read(asker, f"retab://workflows/{run.workflow_id}")).text)
    assert run.id in [row["run_id"] for row in runs["rows"]]


async def test_a_step_of_a_loop_is_found_by_its_encoded_id(asker: Asker) -> None:
    run = run_of("orders-for-each")
    step = "each-order_iter_17_price-order"
    encoded = step.replace("_", "%5F")
    text = (await read(asker, f"retab://runs/{run.id}/steps/{encoded}")).text
    assert json.loads(text)["step_id"] == step


@pytest.mark.parametrize(
    "uri",
    [
        "retab://runs/run_none",
        "retab://runs/wrk_of_another_kind",
        "retab://runs/..%2Fsecrets",
        "retab://runs/a/b",
        "retab://secrets",
        "https://example.com/",
    ],
)
async def test_a_bad_uri_is_refused_as_a_bad_argument(asker: Asker, uri: str) -> None:
    with pytest.raises(MCPError) as refused:
        await read(asker, uri)
    assert refused.value.error.code == -32602


async def test_the_error_answer_is_the_data_of_the_error(asker: Asker) -> None:
    with pytest.raises(MCPError) as refused:
        await read(asker, "retab://runs/run_none")
    assert refused.value.error.data["kind"] == "not_found"
    assert refused.value.error.data["hint"]


async def test_the_guide_names_every_kind_status_and_operation(asker: Asker) -> None:
    contents = await read(asker, GUIDE_URI)
    assert contents.mime_type == "text/markdown"
    words = [*FailureKind, *FindingKind, *Operation, *Status]
    assert [word for word in words if f"`{word}`" not in contents.text] == []
    assert "$$" not in contents.text


async def test_run_ids_are_completed_newest_first(asker: Asker) -> None:
    newest = sorted(
        (run for sample in all_samples() for run in sample.runs),
        key=lambda run: str(run.created_at),
        reverse=True,
    )
    values = await complete(asker, "run_id")
    assert len(values) == id_completion.MAX_COMPLETIONS
    created = {run.id: str(run.created_at) for run in newest}
    assert [created[value] for value in values] == [
        str(run.created_at) for run in newest[: len(values)]
    ]
    assert await complete(asker, "run_id", values[3][:12]) == [values[3]]
    assert await complete(asker, "run_id", "run_none") == []
    assert values[0] not in await complete(asker, "other_run_id", run_id=values[0])


async def test_steps_are_completed_for_the_run_that_is_filled_in(asker: Asker) -> None:
    run = run_of("label-rejected")
    values = await complete(asker, "step_id", run_id=run.id)
    assert set(values) == {"start-order", "extract-order", "order-label", "file-answer"}
    assert values.index("order-label") < values.index("start-order")
    assert await complete(asker, "step_id", "ord", run_id=run.id) == ["order-label"]
    assert await complete(asker, "step_id") == []
    assert await complete(asker, "step_id", run_id="run_none") == []


async def test_workflows_are_completed_by_id_or_name(asker: Asker) -> None:
    run = run_of("permits-week")
    assert await complete(asker, "workflow_id", "permit BATCH") == [run.workflow_id]
    assert run.workflow_id in await complete(asker, "workflow_id", run.workflow_id[:9])


async def test_artifacts_and_experiment_runs_are_completed(asker: Asker) -> None:
    ref = ResourceTemplateReference(type="ref/resource", uri=TOOL_RESOURCES[2].uri)
    result = await asker.client.complete(ref, {"name": "artifact_id", "value": "extr_"})
    assert result.completion.values
    assert all(value.startswith("extr_") for value in result.completion.values)
    experiments = await complete(asker, "experiment_run_id")
    assert experiments
    assert all(value.startswith("exprun_") for value in experiments)
    others = await complete(asker, "compare_to", experiment_run_id=experiments[0])
    assert experiments[0] not in others


async def test_arguments_that_are_not_ids_have_no_completions(asker: Asker) -> None:
    assert await complete(asker, "question", "why") == []


def test_every_id_in_a_prompt_can_be_completed() -> None:
    ids = {
        argument.name
        for prompt in load_prompts()
        for argument in prompt.arguments or ()
        if re.search(r"\bid\b", argument.description or "", re.IGNORECASE)
    }
    assert {"run_id", "other_run_id", "workflow_id", "experiment_run_id"} <= ids
    assert ids <= set(id_completion.ID_SOURCES)


async def failing_api(_: httpx.Request) -> httpx.Response:
    return httpx.Response(401, json={"detail": "no"})


async def test_completion_is_empty_without_a_key_or_with_a_wrong_one() -> None:
    service = Service(BASE_URL, transport=httpx.MockTransport(failing_api))
    for key in ("", "wrong"):
        async with asking(create_app("g3", ()), key=key, service=service) as asker:
            assert await complete(asker, "run_id") == []


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_completion_does_not_wait_for_a_slow_api(
    mode: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import anyio

    async def never(_: httpx.Request) -> httpx.Response:
        await anyio.sleep_forever()
        raise AssertionError

    monkeypatch.setattr(id_completion, "COMPLETION_SECONDS", 0.05)
    service = Service(BASE_URL, transport=httpx.MockTransport(never))
    async with asking(create_app("g3", ()), service=service, mode=mode) as asker:
        with anyio.fail_after(20):
            assert await complete(asker, "run_id") == []
