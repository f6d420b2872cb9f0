"""The `restart` of a run or step in an answer."""

from retab_mcp.analysis.cause.restarts.restart import Restart
from retab_mcp.answers.common.answer import Part
from retab_mcp.digest.text import clip

# Estimated tokens of the reason: it can quote an error of any length.
WHY_BUDGET = 70


class RestartPart(Part):
    """Whether to run the same input again: safe, may_help, useless or may_repeat, and why."""

    verdict: str
    why: str


def restart_part(restart: Restart | None) -> RestartPart | None:
    """Return a restart as a part of an answer."""
    if restart is None:
        return None
    return RestartPart(verdict=restart.verdict, why=clip(restart.why, WHY_BUDGET))
