"""`retab-mcp install`."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from retab_mcp.cli.main import main
from retab_mcp.clients import CLIENTS, SERVER_NAME

KEY = "rt_" + "live_" + "k" * 24


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RETAB_API_KEY", KEY)
    return tmp_path


def only_file(home: Path, pattern: str = "*") -> Path:
    (found,) = (path for path in home.rglob(pattern) if path.is_file())
    return found


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.key)
def test_writes_a_new_file_for_its_owner(
    client: object, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = client.key  # type: ignore[attr-defined]
    assert main(["install", key]) == 0
    out = capsys.readouterr().out
    path = only_file(home)
    assert KEY not in out
    assert str(path) in out
    assert path.stat().st_mode & 0o077 == 0
    text = path.read_text(encoding="utf-8")
    contents = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    table = next(value for name, value in contents.items() if name != "inputs")
    entry = table[SERVER_NAME]
    assert entry["args"] == ["-m", "retab_mcp"]
    assert (KEY in text) == (key != "vscode")
    assert main(["install", key]) == 0
    assert "has this entry already" in capsys.readouterr().out


def test_keeps_the_rest_of_the_file_and_a_copy(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home / ".cursor" / "mcp.json"
    path.parent.mkdir()
    secret = "sk-" + "a1B2" * 8
    old = json.dumps({"mcpServers": {"other": {"env": {"API_KEY": secret}}}, "x": "é"}, indent=4)
    path.write_text(old, encoding="utf-8")
    assert main(["install", "cursor"]) == 0
    out = capsys.readouterr().out
    assert secret not in out
    assert f'+        "{SERVER_NAME}": {{' in out
    contents = json.loads(path.read_text(encoding="utf-8"))
    assert list(contents["mcpServers"]) == ["other", SERVER_NAME]
    assert contents["x"] == "é"
    assert only_file(home, "*.bak").read_text(encoding="utf-8") == old


def test_keeps_comments_of_toml(home: Path) -> None:
    path = home / ".codex" / "config.toml"
    path.parent.mkdir()
    old = '# mine\nmodel = "x" # why\n\n[mcp_servers.other] # there\ncommand = "y"\n'
    path.write_text(old, encoding="utf-8")
    assert main(["install", "codex", "--http", "https://mcp.example.com/mcp"]) == 0
    text = path.read_text(encoding="utf-8")
    assert all(line in text for line in old.splitlines())
    entry = tomllib.loads(text)["mcp_servers"][SERVER_NAME]
    assert entry["bearer_token_env_var"] == "RETAB_API_KEY"
    assert KEY not in text


def in_git(home: Path) -> None:
    subprocess.run(["git", "init", "-q", str(home)], check=True)


def ignored(home: Path) -> None:
    in_git(home)
    (home / ".gitignore").write_text("*\n", encoding="utf-8")


@pytest.mark.parametrize(("prepare", "written"), [(in_git, False), (ignored, True)])
def test_writes_no_key_into_a_file_that_git_tracks(
    prepare: Callable[[Path], None], written: bool, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(home)
    for name, path in (
        ("cursor", ".cursor/mcp.json"),
        ("gemini", ".gemini/settings.json"),
        ("codex", ".codex/config.toml"),
    ):
        assert main(["install", name]) == 0
        text = (home / path).read_text(encoding="utf-8")
        assert (KEY in text) == written
        assert "RETAB_API_KEY" in text
    assert main(["install", "claude-desktop"]) == (0 if written else 2)
    assert ("Git tracks" in capsys.readouterr().err) != written


def test_print_changes_nothing_and_shows_no_key(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for client in ("claude-desktop", "codex", "vscode"):
        assert main(["install", client, "--print"]) == 0
        out = capsys.readouterr().out
        assert SERVER_NAME in out
        assert KEY not in out
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"mcpServers": {} // mine\n}', "not plain JSON"),
        ('{"mcpServers": []}', "has no object mcpServers"),
        ("[]", "has no object mcpServers"),
    ],
)
def test_a_file_that_cannot_be_changed_stays(
    text: str, reason: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home / ".cursor" / "mcp.json"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    assert main(["install", "cursor"]) == 2
    assert reason in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["claude-desktop", "--http", "https://mcp.example.com/mcp"], "in its settings"),
        (["cursor", "--http", "http://mcp.example.com/mcp"], "https://"),
        (["cursor", "--http", "mcp.example.com"], "https://"),
        (["emacs"], "is not one of"),
    ],
)
def test_wrong_use(
    words: list[str], reason: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["install", *words]) == 2
    assert reason in capsys.readouterr().err
    assert list(home.iterdir()) == []
