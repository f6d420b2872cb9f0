"""The folder that the workers of one service share: options, cursor key and metrics files.

A folder, since other processes of the user can read the environment.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from retab_mcp.http.options import HttpOptions

# The path of the folder, for the workers.
WORKER_FOLDER_VARIABLE = "RETAB_MCP_WORKER_FOLDER"

# If this is set before prometheus_client is imported, the library keeps its values in files in
# that folder, so that any worker can report the metrics of all.
METRICS_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

_CURSOR_KEY_BYTES = 32


@dataclass(frozen=True)
class WorkerFolder:
    """The folder at `path`, which only its owner may enter (0700)."""

    path: Path

    def fill(self, options: HttpOptions, cursor_key: str) -> None:
        """Write what the workers need, and set the environment variables that lead them here.

        An empty `cursor_key` is replaced by a random one, since a cursor of one worker must work
        in another.
        """
        options.write(self._options)
        self._cursor_key.write_text(
            cursor_key or secrets.token_hex(_CURSOR_KEY_BYTES), encoding="utf-8"
        )
        self._metrics.mkdir()
        os.environ[WORKER_FOLDER_VARIABLE] = str(self.path)
        os.environ[METRICS_FOLDER_VARIABLE] = str(self._metrics)

    @classmethod
    def of_this_worker(cls) -> "WorkerFolder":
        """Return the folder that the environment of this worker names."""
        return cls(Path(os.environ[WORKER_FOLDER_VARIABLE]))

    def options(self) -> HttpOptions:
        """Read the options of the service."""
        return HttpOptions.read(self._options)

    def cursor_key(self) -> str:
        """Read the key that signs cursors."""
        return self._cursor_key.read_text(encoding="utf-8")

    @property
    def _options(self) -> Path:
        return self.path / "options.json"

    @property
    def _cursor_key(self) -> Path:
        return self.path / "cursor-key"

    @property
    def _metrics(self) -> Path:
        return self.path / "metrics"
