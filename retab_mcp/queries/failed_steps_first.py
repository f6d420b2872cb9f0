"""Read the steps of a failed run so that a slow server still names the failed ones in time."""

from collections.abc import Awaitable, Callable, Collection

import anyio

from retab_mcp.models import Run, Status, StepSummary
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.run_facts import StepsRead
from retab_mcp.retab.errors import RetabError

# A list that takes longer than this is slow: its failed steps are then asked for as well.
PATIENCE_SECONDS = 3.0
# If they are known by then, the rest of the list is given up after this.
ENOUGH_SECONDS = 12.0

GIVEN_UP = "reading all steps takes too long, so only the {} ones were read"


async def failed_steps_first(
    inspector: Inspector,
    run: Run,
    read_all: Callable[[], Awaitable[StepsRead]],
    statuses: Collection[str] = (Status.ERROR,),
) -> StepsRead:
    """Return what `read_all` returns, or only the steps of `statuses` if it takes too long.

    Of those, the ones read by then are enough. Raises the RetabError of `read_all`.
    """
    failed: list[StepSummary] = []
    outcome: list[StepsRead | RetabError] = []
    enough = anyio.Event()

    async with anyio.create_task_group() as group:

        async def ask_for_failed() -> None:
            await anyio.sleep(PATIENCE_SECONDS)
            try:
                async for page in inspector.api.step_pages(run, statuses=statuses):
                    failed.extend(step.summary for step in page.steps)
                    inspector.kept.keep_steps(page.steps)
                    if failed:
                        enough.set()
            except RetabError:
                # The list may still end in time.
                return

        async def give_up() -> None:
            await anyio.sleep(ENOUGH_SECONDS)
            await enough.wait()
            group.cancel_scope.cancel()

        async def read() -> None:
            try:
                outcome.append(await read_all())
            except RetabError as error:
                outcome.append(error)
            group.cancel_scope.cancel()

        group.start_soon(ask_for_failed)
        group.start_soon(give_up)
        group.start_soon(read)
    if not outcome:
        words = "failed" if set(statuses) == {Status.ERROR} else ", ".join(sorted(statuses))
        return StepsRead(tuple(failed), GIVEN_UP.format(words))
    if isinstance(outcome[0], RetabError):
        raise outcome[0]
    return outcome[0]
