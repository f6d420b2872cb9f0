"""The README and docs show real answers, and every page is reachable from the README."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


def answers_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("answers", ROOT / "docs" / "answers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def test_examples_in_readme_and_tools_page_are_current() -> None:
    docs = answers_module()
    parts = await docs.answers()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tools = (ROOT / "docs" / "tools.md").read_text(encoding="utf-8")
    assert tools == docs.tools_page(parts), "run: python docs/answers.py --write"
    assert readme == docs.readme_with(parts, readme), "run: python docs/answers.py --write"
    assert parts[docs.README_TOOL].split("\n\n", 1)[1] in readme


def test_the_readme_is_short_and_starts_with_its_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 250
    blocks = [part.splitlines() for part in readme.split("```sh\n")[1:]]
    commands = [block[: block.index("```")] for block in blocks]
    assert [len(command) for command in commands[:2]] == [1, 1]
    assert commands[0][0] == "uvx retab-mcp demo"
    assert "pytest" in commands[1][0]


@pytest.mark.parametrize(
    "page",
    [
        *("docs/architecture.md", "docs/clients.md", "docs/deployment.md", "docs/safety.md"),
        *("docs/report.md", "docs/tools.md", "docs/measurements.md"),
        *("CONTRIBUTING.md", "SECURITY.md"),
    ],
)
def test_readme_links_to_every_page(page: str) -> None:
    assert (ROOT / page).is_file()
    assert f"({page})" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page", [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")], ids=lambda page: page.name
)
def test_links_between_pages_work(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_agents_page_is_short() -> None:
    assert len((ROOT / "AGENTS.md").read_text(encoding="utf-8").splitlines()) < 40
