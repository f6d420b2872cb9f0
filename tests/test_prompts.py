"""The prompts that the server offers."""

from pathlib import Path

import pytest
from mcp.server.mcpserver import Context

from retab_mcp.analysis.cause.failure_kinds import CATALOGUE
from retab_mcp.models import FailureKind
from retab_mcp.prompts import _load, load_prompts


def test_every_prompt_has_a_title_a_description_and_arguments() -> None:
    prompts = load_prompts()
    assert [prompt.name for prompt in prompts][:1] == ["debug_run"]
    for prompt in prompts:
        assert prompt.title
        assert prompt.description
        assert all(argument.description for argument in prompt.arguments or [])


async def test_rendering_fills_in_the_arguments() -> None:
    (prompt,) = [prompt for prompt in load_prompts() if prompt.name == "debug_run"]
    text = str(await prompt.render({"run_id": "run_1"}, Context()))
    assert "run_1" in text
    assert "$" not in text


def test_a_file_without_front_matter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bare.md").write_text("Just text.", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bare\.md has no front matter"):
        _load(tmp_path / "bare.md")


async def test_every_kind_of_failure_is_explained() -> None:
    (prompt,) = [prompt for prompt in load_prompts() if prompt.name == "debug_run"]
    text = str(await prompt.render({"run_id": "run_1"}, Context()))
    assert [
        kind for kind in FailureKind if f"`{kind}`: {CATALOGUE[kind].explanation}" not in text
    ] == []
