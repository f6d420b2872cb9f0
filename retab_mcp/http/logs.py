"""Logs as JSON lines on stderr: one for each call and each refusal, without payloads."""

import json
import logging
import sys
from datetime import UTC, datetime

from retab_mcp.safety.sanitize import sanitize_text

# What a log record of this package may carry in addition to its message.
FIELDS = (
    *("request_id", "tool", "ms", "requests", "kind", "ids", "status", "pid", "workers", "url"),
    *("reason", "caller", "client", "signal"),
)

# Messages of this logger are written in this package and quote nothing.
_OWN_LOGGER = "retab_mcp.http"

# Made once: `json.dumps` with separators makes a new encoder for each line.
_encode = json.JSONEncoder(separators=(",", ":")).encode

# Below this level the SDK logs whole messages, arguments included.
_LIBRARY_LEVEL = logging.WARNING


class JsonLines(logging.Formatter):
    """Write one JSON object per line: time, level, logger, message and the fields above.

    Messages of libraries are redacted, since they may quote what they received. Exceptions are
    logged as type and line only, since their text may quote a run.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the log line for `record`."""
        message = record.getMessage()
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message if record.name == _OWN_LOGGER else sanitize_text(message)[0],
        }
        line |= {
            name: record.__dict__[name] for name in FIELDS if record.__dict__.get(name) is not None
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= _location(record.exc_info[1])
        return _encode(line)


def _location(error: BaseException) -> dict[str, str]:
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    location = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else ""
    return {"error": type(error).__name__, "at": location}


def configure_logging(level: str) -> None:
    """Send all logs of this process to stderr as JSON lines.

    `level` (debug, info, warning or error) applies to this package; libraries log warnings and
    errors.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=_LIBRARY_LEVEL, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    # No line shows these, and each costs time for every record.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.getLogger("retab_mcp").setLevel(level.upper())
