"""Function: the exception, where in the block's own code it was raised, inputs and output."""

from retab_mcp.analysis.operation_reader import OperationReader
from retab_mcp.analysis.summary import PROSE_TOKENS, LargeValue, SummaryDraft, present
from retab_mcp.analysis.values.artifact_fields import OUTPUT, error_message, output_of
from retab_mcp.analysis.values.json_types import as_dict, as_text
from retab_mcp.digest.stack_trace import stack_trace
from retab_mcp.digest.text import clip
from retab_mcp.models import Artifact, Json, Operation

# Frames of the block's own code that a summary shows, the innermost ones.
MAX_FRAMES = 6


def _summarize(artifact: Artifact) -> SummaryDraft:
    """Return exception, duration, inputs and output, without what the failure says already."""
    data = artifact.data
    facts = _exception(artifact)
    if artifact.failure is not None:
        facts.pop("error", None)
        if artifact.failure.details is not None and artifact.failure.details.stack_trace:
            facts.pop("stack_trace", None)
    facts |= present(duration_ms=data.get("duration_ms"))
    large = {}
    if data.get("inputs"):
        large["inputs"] = LargeValue(data["inputs"], "/inputs")
    output = output_of(artifact)
    if output is not None:
        large["output"] = LargeValue(output, OUTPUT)
    return SummaryDraft(facts, large)


def _exception(artifact: Artifact) -> dict[str, Json]:
    """Return {"error", "stack_trace"}: the message and the block's own frames, where known."""
    error = artifact.data.get("error")
    trace = stack_trace(as_text(as_dict(error).get("stack_trace")), MAX_FRAMES)
    return present(
        error=clip(error_message(error), PROSE_TOKENS),
        stack_trace=clip(trace, PROSE_TOKENS) if isinstance(trace, str) else trace,
    )


READER = OperationReader(
    operation=Operation.FUNCTION_INVOCATION, summarize=_summarize, evidence=_exception
)
