"""`retab-mcp sandbox`."""

import socket

import pytest

from retab_mcp.cli.main import main


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--generation", "g9"], "--generation must be one of g1, "),
        (["--port", "70000"], "cannot listen on port 70000: "),
        (["--port", "-1"], "cannot listen on port -1: "),
    ],
)
def test_bad_options_are_refused_in_one_line(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sandbox", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"retab-mcp sandbox: {reason}")
    assert error.count("\n") == 1


def test_a_port_in_use_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["sandbox", "--port", str(port)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"retab-mcp sandbox: cannot listen on port {port}: ")
    assert error.count("\n") == 1
