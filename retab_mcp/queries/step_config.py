"""Read the configuration of a step's block from the version that the run executed."""

from retab_mcp.analysis.configuration.as_it_ran import DRAFT, ConfigPart, block_of
from retab_mcp.models import ErrorKind, Run, StepSummary
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.inspector import Inspector


async def read_config(inspector: Inspector, run: Run, step: StepSummary) -> ConfigPart:
    """Return the whole configuration of a step's block.

    Raises RetabError, QuestionError (not_found) if the graph does not have the block.
    """
    graph = await inspector.graph(run)
    block = block_of(graph, step)
    if block is None:
        raise QuestionError(
            ErrorKind.NOT_FOUND,
            f"The workflow's graph has no block {step.block_id}.",
            hint="The block may have been deleted since the run. Call get_step without path.",
        )
    return ConfigPart(block.config, as_of=DRAFT if graph.version_id is None else None)
