"""The wheel contains the package and its prompts, and nothing that only tests need."""

import re
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "retab_mcp"

# Every path in the wheel matches one of these.
ALLOWED = (
    r"retab_mcp/(__init__|__main__|clients|guide|prompts|resources|server|settings)\.py",
    r"retab_mcp/py\.typed",
    r"retab_mcp/(analysis|answers|cli|digest|http|models|queries|report|retab|safety|tools)/.+\.py",
    r"retab_mcp/report/assets/\w+\.(css|js)",
    r"retab_mcp/sandbox/\w+\.py",
    r"retab_mcp/sandbox/(builder|generations|routes|samples|wire)/\w+\.py",
    r"retab_mcp/_prompts/\w+\.md",
    r"retab_mcp-[^/]+\.dist-info/(METADATA|WHEEL|RECORD|entry_points\.txt|licenses/LICENSE)",
)
TEST_DATA = re.compile(r"(^|/)(tests?/|test_|conftest)|labelled|documented|sandbox/(\w+/)*facts")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = str(tmp_path_factory.mktemp("wheel"))
    (built,) = WheelBuilder(str(ROOT)).build(directory=folder, versions=["standard"])
    with zipfile.ZipFile(built) as wheel:
        return wheel.namelist()


def test_only_listed_paths_are_in_the_wheel(paths: list[str]) -> None:
    assert [path for path in paths if not any(re.fullmatch(each, path) for each in ALLOWED)] == []


def test_no_test_data_is_in_the_wheel(paths: list[str]) -> None:
    assert [path for path in paths if TEST_DATA.search(path)] == []


def test_every_module_is_in_the_wheel(paths: list[str]) -> None:
    modules = {str(file.relative_to(ROOT)) for file in PACKAGE.rglob("*.py")}
    assert modules - set(paths) == set(), "an ignore file hides them"


def test_every_file_of_the_pages_is_in_the_wheel(paths: list[str]) -> None:
    assets = {str(file.relative_to(ROOT)) for file in (PACKAGE / "report" / "assets").iterdir()}
    assert assets
    assert assets <= set(paths)


def test_every_prompt_is_in_the_wheel(paths: list[str]) -> None:
    prompts = {f"retab_mcp/_prompts/{file.name}" for file in (ROOT / "prompts").glob("*.md")}
    assert prompts
    assert prompts <= set(paths)
