"""`retab-mcp demo`."""

import os
import subprocess
import sys

import pytest

from retab_mcp.cli.main import main


def test_leads_to_the_cause_without_a_key(capsys: pytest.CaptureFixture[str]) -> None:
    environment = {name: value for name, value in os.environ.items() if "RETAB" not in name}
    result = subprocess.run(
        [sys.executable, "-m", "retab_mcp", "demo"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "get_run(run_id='run_" in result.stdout
    assert "503 Service Unavailable" in result.stdout
    assert "could not be reached, or answered with a server error" in result.stdout
    lines = result.stdout.splitlines()
    assert len(lines) < 60
    commands = [line.split() for line in lines if line.startswith("  retab-mcp sandbox")]
    assert len(commands) == 4
    assert main(commands[0][1:]) == 0
    assert "422 Unprocessable Entity" in capsys.readouterr().out
