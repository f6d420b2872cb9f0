"""Ask about a run again and again until it ends."""

import time

from retab_mcp.cli.asking import Answered, Ask, ask_all
from retab_mcp.tools.get_run import MAX_WAIT_SECONDS

_UNFINISHED = frozenset({"pending", "queued", "running"})


def ask_until_finished(run: str, seconds: int) -> Answered:
    """Return get_run's answer about a run, after it ended or `seconds` later.

    A run that waits for a review is not waited for: a person has to act.
    """

    async def question(ask: Ask) -> Answered:
        end = time.monotonic() + seconds
        wait = min(seconds, MAX_WAIT_SECONDS)
        while True:
            answered = await ask("get_run", {"run_id": run, "wait_seconds": wait})
            left = int(end - time.monotonic())
            if answered.fields.get("status") not in _UNFINISHED or left <= 0:
                return answered
            wait = min(left, MAX_WAIT_SECONDS)

    return ask_all(question)
