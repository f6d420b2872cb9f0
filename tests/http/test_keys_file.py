"""The file that maps token subjects to Retab keys."""

import json
import os
from pathlib import Path

import pytest

from retab_mcp.http.keys_file import KeysFile, KeysFileError
from tests.http.scene import KEY_OF_ACME, KEY_OF_GLOBEX


def write(path: Path, content: object, mode: int = 0o600) -> str:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    path.chmod(mode)
    return str(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def test_only_listed_subjects_have_a_key(path: Path) -> None:
    keys = KeysFile(write(path, {"acme": KEY_OF_ACME}))
    assert keys.key_of("acme") == KEY_OF_ACME
    assert keys.key_of("globex") == ""
    assert keys.key_of("") == ""


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_can_access_is_refused(path: Path, mode: int) -> None:
    with pytest.raises(KeysFileError, match="chmod 600"):
        KeysFile(write(path, {"acme": KEY_OF_ACME}, mode))


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"acme": 1}', '{"acme": ["k"]}', '{"acme": ""}', '{"a": "b c"}']
)
def test_malformed_content_is_refused_and_not_quoted(path: Path, content: str) -> None:
    with pytest.raises(KeysFileError, match="JSON object") as caught:
        KeysFile(write(path, content))
    assert content not in str(caught.value) or not content
    assert caught.value.__cause__ is None


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "missing"):
        with pytest.raises(KeysFileError):
            KeysFile(str(place))


def test_a_changed_file_is_read_again(path: Path) -> None:
    keys = KeysFile(write(path, {"acme": KEY_OF_ACME}))
    write(path, {"globex": KEY_OF_GLOBEX})
    assert keys.key_of("acme") == ""
    assert keys.key_of("globex") == KEY_OF_GLOBEX


def test_a_replaced_file_is_read_again(path: Path, tmp_path: Path) -> None:
    keys = KeysFile(write(path, {"acme": KEY_OF_ACME}))
    os.replace(write(tmp_path / "new.json", {"acme": KEY_OF_GLOBEX}), path)
    assert keys.key_of("acme") == KEY_OF_GLOBEX


@pytest.mark.parametrize("content", ["{", {"acme": ""}])
def test_no_subject_has_a_key_while_the_file_is_unusable(
    path: Path, content: object, caplog: pytest.LogCaptureFixture
) -> None:
    keys = KeysFile(write(path, {"acme": KEY_OF_ACME}))
    write(path, content)
    assert keys.key_of("acme") == ""
    assert "file of keys" in caplog.text
    assert KEY_OF_ACME not in caplog.text
    write(path, {"acme": KEY_OF_ACME})
    assert keys.key_of("acme") == KEY_OF_ACME


def test_no_subject_has_a_key_once_others_can_read_the_file(path: Path) -> None:
    keys = KeysFile(write(path, {"acme": KEY_OF_ACME}))
    path.chmod(0o644)
    assert keys.key_of("acme") == ""
    path.chmod(0o600)
    assert keys.key_of("acme") == KEY_OF_ACME
