"""Wait for a run to end, within the time limit of a call."""

from retab_mcp.models import Run, Status
from retab_mcp.queries.inspector import Inspector
from retab_mcp.retab.errors import RetabError

# Seconds between two polls: short at first, since most runs take seconds, then longer.
FIRST_PAUSE = 1.0
PAUSE_GROWTH = 1.5
LONGEST_PAUSE = 8.0


async def wait_for_end(inspector: Inspector, run_id: str, seconds: float) -> Run:
    """Poll the run until it has ended or awaits review, at most for `seconds`, and return it.

    Each poll is reported as progress. A poll that fails with a retryable error is ignored. Raises
    RetabError, and QuestionError (not_found) if the run does not exist.
    """
    run = await inspector.run(run_id)
    waited, pause = 0.0, FIRST_PAUSE
    while waited < seconds and not run.finished and run.status != Status.AWAITING_REVIEW:
        pause = min(pause, seconds - waited)
        await inspector.sleep(pause)
        waited += pause
        pause = min(pause * PAUSE_GROWTH, LONGEST_PAUSE)
        try:
            run = await inspector.run(run_id)
        except RetabError as error:
            if not error.retryable:
                raise
        await inspector.report_progress(waited, seconds, f"The run is {run.status}.")
    return run
