"""Files that only their owner can read."""

import stat
from pathlib import Path

import pytest

from retab_mcp.cli.private_file import write_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "run.html"
    write_private(path, b"new")
    assert path.read_bytes() == b"new"
    assert mode(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_an_existing_file_stays_unless_it_may_be_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "run.html"
    path.write_bytes(b"old")
    path.chmod(0o644)
    with pytest.raises(FileExistsError):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"
    write_private(path, b"new", overwrite=True)
    assert path.read_bytes() == b"new"
    assert mode(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_link_is_not_followed(tmp_path: Path, overwrite: bool) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"old")
    path = tmp_path / "run.html"
    path.symlink_to(target)
    if overwrite:
        write_private(path, b"new", overwrite=True)
        assert not path.is_symlink()
    else:
        with pytest.raises(FileExistsError):
            write_private(path, b"new")
    assert target.read_bytes() == b"old"


def test_a_dangling_link_counts_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "run.html"
    path.symlink_to(tmp_path / "missing")
    with pytest.raises(FileExistsError):
        write_private(path, b"new")
    assert not (tmp_path / "missing").exists()


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_private(tmp_path / "missing" / "run.html", b"new")
