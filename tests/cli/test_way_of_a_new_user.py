"""The commands of the README's section "Without an assistant", step by step."""

import re
import shlex
from pathlib import Path

import pytest

from retab_mcp.cli.main import main

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
