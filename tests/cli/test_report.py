"""`retab-mcp report`."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from retab_mcp.settings import API_KEY_VARIABLE
from tests.cli.conftest import Run
from tests.samples import sample_named

FAILED = sample_named("label-rejected").runs[0].id


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def picture_in(path: Path) -> dict[str, Any]:
    found = re.search(r'id="picture">(.*?)</script>', path.read_text(encoding="utf-8"))
    assert found
    picture: dict[str, Any] = json.loads(found[1])
    return picture


def test_the_page_has_the_answers_of_the_tools(run: Run, folder: Path) -> None:
    ran = run("report", f"https://retab.example/workflows/runs/{FAILED}", "-o", "label.html")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("Wrote label.html (")
    picture = picture_in(folder / "label.html")
    assert picture["run"] == json.loads(run("why", FAILED, "--json").out)
    assert picture["steps"]["extract-order"]["handle_outputs"]


def test_an_existing_file_is_kept_unless_forced(run: Run, folder: Path) -> None:
    path = folder / "run.html"
    path.write_text("mine")
    refused = run("report", FAILED)
    assert refused.code == 2
    assert "--force" in refused.err
    assert path.read_text() == "mine"
    assert run("report", FAILED, "--force", "--no-payloads").code == 0
    picture = picture_in(path)
    assert (picture["payloads"], picture["steps"]) == (False, {})
    assert "Lyon" not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run_unknown"], 3, "There is no run"),
        ([FAILED, "-o", "missing/run.html"], 2, "no folder"),
        ([FAILED, "-o", "."], 2, "directory"),
        ([], 2, "RUN"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    run: Run, folder: Path, arguments: list[str], code: int, words: str
) -> None:
    ran = run("report", *arguments)
    assert ran.code == code
    assert words in ran.err
    assert list(folder.iterdir()) == []


def test_without_a_key_the_setting_is_named(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(API_KEY_VARIABLE)
    ran = run("report", FAILED)
    assert ran.code == 2
    assert API_KEY_VARIABLE in ran.err
