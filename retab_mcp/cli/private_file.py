"""Write a file that only its owner can read."""

import contextlib
import os
import tempfile
from pathlib import Path

# Only the owner reads and writes the file.
PRIVATE = 0o600


def write_private(
    path: Path, content: bytes, *, overwrite: bool = False, mode: int = PRIVATE
) -> None:
    """Write a file with this mode; with `overwrite`, replace what is there.

    The file appears whole or not at all, and a link at `path` is replaced, not followed. Raises
    FileExistsError if there is one and `overwrite` is false, OSError if it cannot be written.
    """
    # mkstemp makes the file readable by its owner only, until it is complete.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, mode)
        if overwrite:
            os.replace(name, path)
        else:
            _move_new(name, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


def _move_new(name: str, path: Path) -> None:
    """Move a file to a path where there is none. Raises FileExistsError."""
    try:
        os.link(name, path)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems have no links; there, another process could still come between.
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.rename(name, path)
