"""Logs as JSON lines on stderr: one for each call and each refusal, without contents."""

import json
import logging
import sys
from datetime import UTC, datetime

from retab_mcp.safety.sanitize import sanitize_text

# What a record of ours may carry beside its message.
FIELDS = ("request_id", "tool", "ms", "requests", "kind", "ids", "status", "pid", "workers", "url")

# Its messages are words of this package and nothing else.
_OURS = "retab_mcp.http"

# The SDK shows whole messages, arguments included, when it is asked to say more.
_OTHERS_LEVEL = logging.WARNING


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message and the fields above.

    Messages of others are redacted, as they may quote what they were sent. Of an
    exception the type and the place are shown, as its text may hold what was read from a run.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for `record`."""
        message = record.getMessage()
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message if record.name == _OURS else sanitize_text(message)[0],
        }
        line |= {
            name: record.__dict__[name] for name in FIELDS if record.__dict__.get(name) is not None
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= _where(record.exc_info[1])
        return json.dumps(line, separators=(",", ":"))


def _where(error: BaseException) -> dict[str, str]:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""
    return {"error": type(error).__name__, "at": where}


def configure_logging(level: str) -> None:
    """Send all logs of this process to stderr as JSON lines.

    `level` is debug, info, warning or error and goes for this package; other libraries are heard
    from warnings on.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=_OTHERS_LEVEL, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    logging.getLogger("retab_mcp").setLevel(level.upper())
