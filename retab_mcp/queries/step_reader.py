"""Read the steps of a run with their payloads, page by page, on every API generation."""

from collections.abc import AsyncGenerator, Sequence
from functools import partial

from retab_mcp.analysis.loops.step_order import in_execution_order
from retab_mcp.models import ErrorKind, Run, Step, StepPayload
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.inspector import Inspector
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import generation_of
from retab_mcp.retab.step_pages import StepPage

# Maximum steps read one by one, if the list leaves payloads out (May 2026) or is too large to be
# read as a whole.
MAX_STEP_REQUESTS = 60

OUT_OF_TIME = "the call's time limit was reached"


class StepReader:
    """Reads the steps of a run once.

    `gaps` are sentences about what could not be read. `complete` means that all steps were read,
    possibly without their payloads.
    """

    def __init__(self, inspector: Inspector, run: Run) -> None:
        self.gaps: list[str] = []
        self.complete = True
        self._api = inspector.api
        self._run = run
        self._requests_left = MAX_STEP_REQUESTS

    async def pages(self) -> AsyncGenerator[list[Step], None]:
        """Yield the steps in execution order; stop early at the deadline.

        Raises RetabError.
        """
        read_any = False
        try:
            async for page in self._api.step_pages(self._run):
                self._note(page)
                steps = _ordered(page.steps)
                yield await self._with_payloads(steps) if self._lacks_payloads(page) else steps
                read_any = True
        except RetabError as error:
            if error.kind != ErrorKind.TIMEOUT or not read_any:
                raise
            self.complete = False
            self.gaps.append(error.message)

    def _note(self, page: StepPage) -> None:
        self.complete = self.complete and not (page.unread or page.may_be_incomplete)
        if page.unread:
            self.gaps.append(f"{page.unread} steps could not be read")
        if page.may_be_incomplete:
            self.gaps.append("this Retab server does not say whether there are more steps")

    def _lacks_payloads(self, page: StepPage) -> bool:
        if page.summaries_only:
            return True
        empty = all(step.payload.is_empty for step in page.steps)
        return empty and not generation_of(self._run).flat_steps

    async def _with_payloads(self, steps: Sequence[Step]) -> list[Step]:
        """Return the steps, adding payloads to the first ones, one request each."""
        ran = [number for number, step in enumerate(steps) if step.summary.started_at is not None]
        wanted = ran[: self._requests_left]
        self._requests_left -= len(wanted)
        payloads = await concurrently([partial(self._payload, steps[number]) for number in wanted])
        found = dict(zip(wanted, payloads, strict=True))
        unread = len(ran) - sum(payload is not None for payload in payloads)
        if unread:
            self.gaps.append(f"the payloads of {unread} steps, which the list leaves out")
        return [
            step.model_copy(update={"payload": found[number]}) if found.get(number) else step
            for number, step in enumerate(steps)
        ]

    async def _payload(self, step: Step) -> StepPayload | None:
        summary = step.summary
        try:
            read = await self._api.get_step(self._run, summary.step_id, block_id=summary.block_id)
        except RetabError:
            return None
        return read.payload


def _ordered(steps: Sequence[Step]) -> list[Step]:
    by_id = {id(step.summary): step for step in steps}
    return [by_id[id(summary)] for summary in in_execution_order([s.summary for s in steps])]
