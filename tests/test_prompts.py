"""The prompts that the server offers."""

import re
from pathlib import Path

import pytest
from mcp import Client
from mcp.server.mcpserver import Context
from mcp.types import TextContent

from retab_mcp.analysis.cause.failure_kinds import CATALOGUE
from retab_mcp.models import FailureKind
from retab_mcp.prompts import PromptFile, load_prompts, prompt_files, read_prompt
from retab_mcp.server import build_server
from retab_mcp.settings import Settings
from retab_mcp.tools.catalog import TOOLS

NAMES = [
    "compare_with_last_good",
    "debug_run",
    "experiment_report",
    "explain_to_customer",
    "find_origin",
    "review_waiting",
    "triage_failures",
]
# An argument in a prompt is text, as people type it.
TYPED = {"run_id": "run_1", "value": "1.999,00 $", "experiment_run_id": "exprun_1"}


async def rendered(name: str, arguments: dict[str, str]) -> str:
    (prompt,) = [prompt for prompt in load_prompts() if prompt.name == name]
    messages = await prompt.render(arguments, Context())
    assert isinstance(messages, list)
    content = messages[0].content
    assert isinstance(content, TextContent)
    return content.text


def test_every_prompt_has_a_title_a_description_and_arguments() -> None:
    prompts = load_prompts()
    assert [prompt.name for prompt in prompts] == NAMES
    for prompt in prompts:
        assert prompt.title
        assert prompt.description
        assert "Retab" in prompt.description
        assert prompt.arguments
        assert all(argument.description for argument in prompt.arguments)
        assert all(
            argument.required or "Default:" in (argument.description or "")
            for argument in prompt.arguments
        )


@pytest.mark.parametrize("name", NAMES)
async def test_a_prompt_is_filled_with_required_arguments_or_all(name: str) -> None:
    (prompt,) = [prompt for prompt in load_prompts() if prompt.name == name]
    required = [each.name for each in prompt.arguments or () if each.required]
    text = await rendered(name, {each: TYPED[each] for each in required})
    assert all(TYPED[each] in text for each in required)
    assert "$" not in text.replace(TYPED["value"], "")
    everything = {each.name: f"given-{each.name}" for each in prompt.arguments or ()}
    text = await rendered(name, everything)
    assert all(given in text for given in everything.values())


@pytest.mark.parametrize("file", prompt_files(), ids=lambda file: file.name)
def test_a_prompt_names_tools_their_order_and_when_to_stop(file: PromptFile) -> None:
    text = file.template.template
    known = {spec.name for spec in TOOLS}
    named = set(re.findall(r"\b(?:get|list|find|search|compare|trace)_[a-z]+(?:_[a-z]+)?\b", text))
    assert named & known
    # An argument, not a tool.
    assert named - {"compare_to"} <= known
    assert re.search(r"^1\. .*\n(.*\n)*2\. ", text, re.MULTILINE)
    assert re.search(r"\b(Stop|no more)\b", text)


async def test_the_message_to_a_customer_keeps_internals_out() -> None:
    text = await rendered("explain_to_customer", {"run_id": "run_1"})
    words = " ".join(text.split())
    for internal in ("ids", "steps and blocks", "models", "stack traces", "other customers"):
        assert internal in words


def test_a_file_without_front_matter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bare.md").write_text("Just text.", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bare\.md has no front matter"):
        read_prompt(tmp_path / "bare.md")


async def test_every_kind_of_failure_is_explained() -> None:
    text = await rendered("debug_run", {"run_id": "run_1"})
    lines = [f"`{kind}`: {CATALOGUE[kind].explanation}" for kind in FailureKind]
    assert [line for line in lines if line not in text] == []


async def test_the_client_receives_the_prompts() -> None:
    async with Client(build_server(Settings())) as client:
        listed = (await client.list_prompts()).prompts
        assert [prompt.name for prompt in listed] == NAMES
        result = await client.get_prompt("find_origin", {"run_id": "run_1", "value": "$x ${y}"})
        assert isinstance(result.messages[0].content, TextContent)
        assert "$x ${y}" in result.messages[0].content.text
