"""Function: the exception and where in the block's own code it came from, what went in and out."""

from retab_mcp.analysis.operations.api_call import error_message
from retab_mcp.analysis.summary import PROSE_TOKENS, Body, Parts, as_dict, as_text, present
from retab_mcp.digest.stack_trace import stack_trace
from retab_mcp.digest.text import clip
from retab_mcp.models import Json

# Frames of the block's own code that a summary shows, the innermost ones.
MAX_FRAMES = 6


def summarize(data: dict[str, Json]) -> Parts:
    """Return the exception with its own frames, duration, inputs and output digested."""
    facts = present(**exception(data), duration_ms=data.get("duration_ms"))
    bodies = {}
    if data.get("inputs"):
        bodies["inputs"] = Body(data["inputs"], "/inputs")
    if data.get("output") is not None:
        bodies["output"] = Body(data["output"], "/output")
    return Parts(facts, bodies)


def exception(data: dict[str, Json]) -> dict[str, Json]:
    """Return {"error", "stack_trace"}: the message and the block's own frames, where known."""
    error = data.get("error")
    trace = stack_trace(as_text(as_dict(error).get("stack_trace")), MAX_FRAMES)
    return present(
        error=clip(error_message(error), PROSE_TOKENS),
        stack_trace=clip(trace, PROSE_TOKENS) if isinstance(trace, str) else trace,
    )
