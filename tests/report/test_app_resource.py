"""The MCP App as clients see it: a resource, bound to get_run, at a small price."""

import json
from typing import Any

import pytest
from mcp import Client
from mcp.client import advertise
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp.types import TextResourceContents

from retab_mcp.report.html_page import app_page
from retab_mcp.sandbox.app import create_app
from retab_mcp.server import build_server
from retab_mcp.settings import Settings
from retab_mcp.tools.get_run import RUN_PAGE
from tests.samples import sample_named
from tests.support.asking import Mode, asking
from tests.support.tokens import count_tokens

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_page_that_a_tool_names_can_be_read(mode: Mode) -> None:
    async with Client(build_server(Settings()), mode=mode) as client:
        tools = (await client.list_tools()).tools
        metas = {tool.name: tool.meta or {} for tool in tools}
        named = {name: meta["ui"]["resourceUri"] for name, meta in metas.items() if "ui" in meta}
        assert named == {"get_run": RUN_PAGE}
        resources = (await client.list_resources()).resources
        (listed,) = [each for each in resources if str(each.uri) == RUN_PAGE]
        assert (str(listed.uri), listed.mime_type) == (RUN_PAGE, APP_MIME_TYPE)
        assert listed.meta == {"ui": {"prefersBorder": True}}
        (content,) = (await client.read_resource(RUN_PAGE)).contents
        assert isinstance(content, TextResourceContents)
        assert content.mime_type == APP_MIME_TYPE
        assert content.text == app_page()


async def test_the_list_of_tools_grows_by_few_tokens() -> None:
    async with Client(build_server(Settings())) as client:
        tools = [
            tool.model_dump(mode="json", by_alias=True, exclude_none=True)
            for tool in (await client.list_tools()).tools
        ]
    with_page = count_tokens(json.dumps(tools, separators=(",", ":")))
    for tool in tools:
        tool["_meta"].pop("ui", None)
    assert 0 < with_page - count_tokens(json.dumps(tools, separators=(",", ":"))) <= 60


async def test_the_answer_is_the_same_with_and_without_apps() -> None:
    sample = sample_named("label-rejected")
    app = create_app("g3", [sample])
    run_id = sample.runs[0].id
    async with asking(app) as asker:
        plain = await asker.text("get_run", run_id=run_id)
        server: Any = asker.client.server
        extensions = [advertise(EXTENSION_ID, {"mimeTypes": [APP_MIME_TYPE]})]
        async with Client(server, extensions=extensions) as client:
            result: Any = await client.call_tool("get_run", {"run_id": run_id})
    assert result.content[0].text == plain
    assert result.structured_content is None
