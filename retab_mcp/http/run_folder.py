"""What the workers of one service share: options, the cursor key and the files of the metrics.

In a folder rather than in the environment, which other processes of the user can read.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from retab_mcp.http.options import HttpOptions

# Where a worker finds the folder. Only its path is in the environment.
RUN_FOLDER_VARIABLE = "RETAB_MCP_RUN_FOLDER"

# The Prometheus library keeps its values in files in this folder when the variable is set before
# it is imported, so that whichever worker is asked speaks for all.
METRICS_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

_CURSOR_KEY_BYTES = 32


@dataclass(frozen=True)
class RunFolder:
    """The folder at `path`, which is the user's alone (0700)."""

    path: Path

    def fill(self, options: HttpOptions, cursor_key: str) -> None:
        """Write what the workers need and tell them, by the environment, where it is.

        An empty `cursor_key` is replaced by a random one: a cursor that one worker wrote comes
        back to another.
        """
        options.write(self._options)
        self._cursor_key.write_text(
            cursor_key or secrets.token_hex(_CURSOR_KEY_BYTES), encoding="utf-8"
        )
        self._metrics.mkdir()
        os.environ[RUN_FOLDER_VARIABLE] = str(self.path)
        os.environ[METRICS_FOLDER_VARIABLE] = str(self._metrics)

    @classmethod
    def of_this_worker(cls) -> "RunFolder":
        """Return the folder that this worker was told of."""
        return cls(Path(os.environ[RUN_FOLDER_VARIABLE]))

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
