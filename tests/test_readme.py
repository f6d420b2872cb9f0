"""The README and the documentation show what the tools really answer."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
FIRST_FIVE = ("get_run", "list_steps", "get_step", "get_experiment_job", "get_artifact")


def answers_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("answers", ROOT / "docs" / "answers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def test_every_answer_shown_is_a_real_one() -> None:
    parts = await answers_module().answers()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tools = (ROOT / "docs" / "tools.md").read_text(encoding="utf-8")
    for tool, part in parts.items():
        assert part in tools, f"docs/tools.md: python docs/answers.py {tool}"
        if tool in FIRST_FIVE:
            assert part in readme, f"README.md: python docs/answers.py {tool}"


def test_the_readme_is_short_and_starts_with_its_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 250
    blocks = [part.splitlines() for part in readme.split("```sh\n")[1:]]
    commands = [block[: block.index("```")] for block in blocks]
    assert [len(command) for command in commands[:2]] == [1, 1]
    assert "retab-mcp demo" in commands[0][0]
    assert "pytest" in commands[1][0]


@pytest.mark.parametrize("name", ["architecture.md", "deployment.md", "safety.md", "tools.md"])
def test_the_readme_leads_to_every_page(name: str) -> None:
    assert (ROOT / "docs" / name).is_file()
    assert f"docs/{name}" in (ROOT / "README.md").read_text(encoding="utf-8")
