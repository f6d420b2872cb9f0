"""The README's commands without a key: in a terminal, and in a client about sample runs."""

import json
import re
import shlex
import sys
from pathlib import Path

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from retab_mcp.cli.main import main
from tests.support.asking import text_of

README = Path(__file__).parents[2] / "README.md"


def commands() -> list[list[str]]:
    """Return the words after `retab-mcp` of each command."""
    text = README.read_text(encoding="utf-8")
    (block,) = re.findall(r"<!-- commands: terminal -->\n```sh\n(.*?)```", text, re.DOTALL)
    return [shlex.split(line.rpartition("/bin/retab-mcp ")[2]) for line in block.splitlines()]


def test_three_commands_lead_to_a_diagnosis_in_three_forms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RETAB_API_KEY", raising=False)
    text, markdown, page = commands()
    assert main(text) == 0
    assert "422 Unprocessable Entity" in capsys.readouterr().out
    assert main(markdown) == 0
    assert capsys.readouterr().out.startswith("**✗ failed  `run_")
    assert main(page) == 0
    assert "422 Unprocessable Entity" in (tmp_path / "run.html").read_text(encoding="utf-8")


async def test_a_client_finds_the_cause_in_the_sample_runs_without_a_key() -> None:
    text = README.read_text(encoding="utf-8")
    (line,) = re.findall(
        r"^claude mcp add retab-samples -- uvx retab-mcp (.*)$", text, re.MULTILINE
    )
    (run_id,) = re.findall(r"of the sample runs, `(run_[^`]+)`", text)
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "retab_mcp", *shlex.split(line)]
    )
    async with Client(stdio_client(server)) as client:
        result = await client.call_tool("get_run", {"run_id": run_id})
    assert "422" in json.loads(text_of(result))["cause"]["message"]
