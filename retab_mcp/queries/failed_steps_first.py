"""Read the steps of a failed run so that a slow server still names the failed ones in time."""

from collections.abc import Awaitable, Callable

import anyio

from retab_mcp.models import Run, Status, StepSummary
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.run_facts import StepsRead
from retab_mcp.retab.errors import RetabError

# A list that takes longer than this is slow: its failed steps are then asked for as well.
PATIENCE_SECONDS = 3.0
# If they are known by then, the rest of the list is given up after this.
ENOUGH_SECONDS = 12.0

_GIVEN_UP = "reading all steps takes too long, so only the failed ones were read"


async def failed_steps_first(
    inspector: Inspector, run: Run, read_all: Callable[[], Awaitable[StepsRead]]
) -> StepsRead:
    """Return what `read_all` returns, or only the failed steps if it takes too long.

    Raises the RetabError of `read_all`.
    """
    failed: list[StepSummary] = []
    outcome: list[StepsRead | RetabError] = []

    async with anyio.create_task_group() as group:

        async def ask_for_failed() -> None:
            began = anyio.current_time()
            await anyio.sleep(PATIENCE_SECONDS)
            try:
                async for page in inspector.api.step_pages(run, statuses=(Status.ERROR,)):
                    failed.extend(step.summary for step in page.steps)
            except RetabError:
                # The list may still end in time.
                return
            if failed:
                await anyio.sleep(max(0.0, began + ENOUGH_SECONDS - anyio.current_time()))
                group.cancel_scope.cancel()

        async def read() -> None:
            try:
                outcome.append(await read_all())
            except RetabError as error:
                outcome.append(error)
            group.cancel_scope.cancel()

        group.start_soon(ask_for_failed)
        group.start_soon(read)
    if not outcome:
        return StepsRead(tuple(failed), _GIVEN_UP)
    if isinstance(outcome[0], RetabError):
        raise outcome[0]
    return outcome[0]
