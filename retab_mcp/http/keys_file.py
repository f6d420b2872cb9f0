"""The file that says which Retab key answers for which subject of a token."""

import logging
import os
import stat
from pathlib import Path

import pydantic
from pydantic import TypeAdapter

from retab_mcp.http.options import OptionsError
from retab_mcp.retab.credential import Credential
from retab_mcp.retab.errors import RetabError

logger = logging.getLogger("retab_mcp.http")

# Some thousand subjects.
MAX_BYTES = 1024 * 1024

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_keys = TypeAdapter(dict[str, str])


class KeysFileError(OptionsError):
    """The file cannot be used; the message says why, without showing what it holds."""


class KeysFile:
    """A JSON object of subjects and Retab keys, read again when it changes.

    Raises KeysFileError when it cannot be used. When a later state of it cannot be used, nobody
    has a key until it can, and the log says why.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._keys: dict[str, str] = {}
        self._seen = self._stamp()
        self._keys = self._read()

    def key_of(self, subject: str) -> str:
        """Return the Retab key of a subject; empty when it has none."""
        try:
            stamp = self._stamp()
            if stamp != self._seen:
                self._seen, self._keys = stamp, {}
                self._keys = self._read()
        except KeysFileError as error:
            self._keys = {}
            logger.error("%s", error)
        return self._keys.get(subject, "")

    def _stamp(self) -> tuple[int, ...]:
        """Return what changes with the file; raise KeysFileError when others may read it."""
        try:
            status = self._path.stat()
        except OSError:
            raise KeysFileError("The file of keys is not there.") from None
        if not stat.S_ISREG(status.st_mode) or status.st_mode & _OTHERS:
            raise KeysFileError("The file of keys must be readable by its owner only (chmod 600).")
        if status.st_size > MAX_BYTES:
            raise KeysFileError(f"The file of keys is larger than {MAX_BYTES:,} bytes.")
        return (status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)

    def _read(self) -> dict[str, str]:
        try:
            keys = _keys.validate_json(self._path.read_bytes(), strict=True)
            for key in keys.values():
                Credential(key)
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise KeysFileError(f"The file of keys cannot be read: {reason}.") from None
        except (pydantic.ValidationError, RetabError):
            raise KeysFileError(
                "The file of keys must be one JSON object of subjects and Retab keys."
            ) from None
        return keys
