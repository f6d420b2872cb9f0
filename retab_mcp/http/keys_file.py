"""The file that maps subjects of tokens to Retab keys."""

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

# Several thousand subjects.
MAX_BYTES = 1024 * 1024

_GROUP_AND_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_keys = TypeAdapter(dict[str, str])


class KeysFileError(OptionsError):
    """The file cannot be used; the message says why and does not quote it."""


class KeysFile:
    """A JSON object of subjects and Retab keys, read again when the file changes.

    Raises KeysFileError if the file cannot be used. If it becomes unusable later, no subject has
    a key until it is repaired, the log says why, and the service is not ready.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._problem = ""
        self._seen = self._stamp()
        self._keys = self._read()

    def key_of(self, subject: str) -> str:
        """Return the Retab key of a subject, or an empty string."""
        self.problem()
        return self._keys.get(subject, "")

    def problem(self) -> str:
        """Return why the file cannot be used now, or an empty string; log a new problem once."""
        try:
            stamp = self._stamp()
            if stamp != self._seen:
                self._keys = self._read()
                self._seen = stamp
        except KeysFileError as error:
            self._seen, self._keys = (), {}
            if str(error) != self._problem:
                logger.error("%s", error)
            self._problem = str(error)
        else:
            self._problem = ""
        return self._problem

    def _stamp(self) -> tuple[int, ...]:
        """Return values that change with the file; raise KeysFileError if others may read it."""
        try:
            status = self._path.stat()
        except OSError:
            raise KeysFileError("The file of keys does not exist.") from None
        if not stat.S_ISREG(status.st_mode) or status.st_mode & _GROUP_AND_OTHERS:
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
