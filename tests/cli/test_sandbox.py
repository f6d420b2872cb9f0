"""`retab-mcp sandbox`."""

import os
import socket

import pytest

from retab_mcp.cli import sandbox
from retab_mcp.cli.main import main
from retab_mcp.sandbox.samples import all_samples
from retab_mcp.settings import API_KEY_VARIABLE


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


def test_runs_a_command_about_the_sample_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(API_KEY_VARIABLE, raising=False)
    assert main(["sandbox", "--generation", "g1", "failures", "--since", "yesterday"]) == 0
    assert "Create order in ERP" in capsys.readouterr().out
    assert API_KEY_VARIABLE not in os.environ
    assert main(["sandbox", "why", "run_none"]) == 3


def test_prints_runs_to_ask_about() -> None:
    lines = sandbox._to_try()
    assert any(all_samples()[0].runs[0].id in line for line in lines)
