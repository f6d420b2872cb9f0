"""The command line, in a real process."""

import socket
import subprocess
import sys

import pytest

import retab_mcp
from retab_mcp.cli.main import main


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
    for word in ("stdio", "demo", "sandbox", "RETAB_API_KEY", "RETAB_API_BASE_URL"):
        assert word in text


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_answers_without_the_sdk(argument: str) -> None:
    code = (
        "import sys\n"
        "from retab_mcp.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(sorted({'mcp', 'httpx', 'pydantic'} & set(sys.modules)))\n"
    )
    assert run(argument, code=code).stdout.endswith("[]\n")


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["dance"])
    assert refused.value.code == 2
    assert "dance" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--generation", "g9"], "--generation is one of g1, "),
        (["--port", "70000"], "port 70000 cannot be served: "),
        (["--port", "-1"], "port -1 cannot be served: "),
    ],
)
def test_a_sandbox_that_cannot_be_is_refused_in_a_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sandbox", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"retab-mcp sandbox: {said}")
    assert error.count("\n") == 1


def test_a_port_that_is_taken_is_refused_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["sandbox", "--port", str(port)]) == 2
    assert capsys.readouterr().err.startswith(f"retab-mcp sandbox: port {port} cannot be served")
