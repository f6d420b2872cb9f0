"""Answer one call of a tool, from its raw arguments to the text of the answer."""

import logging
from collections.abc import Callable
from typing import Any

import anyio
import pydantic_core
from mcp.server.mcpserver.tools import Tool

from retab_mcp.answers.common.answer import write_json
from retab_mcp.answers.common.arguments import check_arguments
from retab_mcp.answers.common.error_answer import describe_failure, fit_error
from retab_mcp.answers.common.third_party import holds_third_party_text
from retab_mcp.models import ErrorKind
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.service import CALL_SECONDS
from retab_mcp.safety.sanitize import sanitize
from retab_mcp.settings import KeySource
from retab_mcp.tools.spec import ToolSpec

logger = logging.getLogger("retab_mcp")

# Seconds until a call is cancelled: after the inspector's own deadline, in case something hangs.
HARD_STOP_SECONDS = CALL_SECONDS + 3


class CallError(Exception):
    """A failed call; `text` is the error answer."""

    def __init__(self, text: str) -> None:
        super().__init__("the call was answered with an error")
        self.text = text


async def answer_call(
    spec: ToolSpec,
    tool: Tool,
    arguments: dict[str, Any],
    inspector: Callable[[], Inspector],
    key_source: KeySource = KeySource.ENVIRONMENT,
) -> str:
    """Return the answer as one JSON object. Raises CallError with the error answer.

    `inspector` returns the call's inspector, and is called once the arguments are valid; it may
    raise QuestionError. `key_source` says who can correct the key, for the hint of an error.
    """
    try:
        with anyio.fail_after(HARD_STOP_SECONDS):
            checked = check_arguments(tool.fn_metadata.arg_model, tool.parameters, arguments)
            opened = inspector()
            opened.links.learn_from(checked)
            answer = await spec.resolve()(opened, spec.arguments(**checked))
            return write_json(answer)
    except Exception as error:
        raise CallError(_failure(spec.name, error, arguments, key_source)) from None


def _failure(name: str, error: Exception, arguments: dict[str, Any], key_source: KeySource) -> str:
    if isinstance(error, TimeoutError):
        error = QuestionError(ErrorKind.TIMEOUT, "The call reached its time limit.")
    fields = describe_failure(error, arguments, key_source)
    if fields["kind"] == ErrorKind.INTERNAL:
        # Log the type and place only: an exception's text can contain data from a run.
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "unknown"
        logger.error("tool %s failed: %s at %s", name, type(error).__name__, where)
    shown = fit_error(sanitize(fields).value)
    if holds_third_party_text(shown):
        shown["untrusted_text"] = True
    return pydantic_core.to_json(shown, inf_nan_mode="strings").decode()
