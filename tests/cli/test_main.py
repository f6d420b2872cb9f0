"""The command line."""

import pkgutil
import subprocess
import sys

import pytest

import retab_mcp
import retab_mcp.cli
from retab_mcp.cli.main import COMMANDS, main

SETTINGS = (
    *("RETAB_API_KEY", "RETAB_API_BASE_URL"),
    *("RETAB_MCP_STRUCTURED_OUTPUT", "RETAB_MCP_CURSOR_KEY", "RETAB_MCP_RUN_URL"),
)


def run(*arguments: str, code: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "retab_mcp"]
    return subprocess.run(
        [*command, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_version() -> None:
    result = run("--version")
    assert result.stdout == f"retab-mcp {retab_mcp.__version__}\n"
    assert result.returncode == 0


def test_help_names_every_command_and_setting() -> None:
    text = run("--help").stdout
    for word in (*COMMANDS, *SETTINGS):
        assert word in text


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_do_not_import_the_sdk(argument: str) -> None:
    code = (
        "import sys\n"
        "from retab_mcp.cli.main import main\n"
        "main(sys.argv[1:])\n"
        "print(sorted({'asyncio', 'httpx', 'mcp', 'pydantic'} & set(sys.modules)))\n"
    )
    assert run(argument, code=code).stdout.endswith("[]\n")


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dance"]) == 2
    assert "dance" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: retab-mcp {name} [OPTIONS]")


def test_every_command_has_a_file_of_its_name() -> None:
    files = {module.name for module in pkgutil.iter_modules(retab_mcp.cli.__path__)}
    assert set(COMMANDS) <= files
