"""get_run: explain a run."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from retab_mcp.tools.parameters import RunId
from retab_mcp.tools.spec import ALWAYS_LOAD, ToolSpec, drawn_by

# A call ends within 42 s; the rest is for reading the steps and the cause.
MAX_WAIT_SECONDS = 40

# The page that draws an answer, in hosts that show pages.
RUN_PAGE = "ui://retab-mcp/run"


@dataclass(frozen=True, kw_only=True)
class GetRun:
    """Arguments of get_run."""

    run_id: RunId
    wait_seconds: Annotated[
        int,
        Field(
            description="Maximum seconds to wait for an unfinished run to end "
            f"(0-{MAX_WAIT_SECONDS}, default 0).",
            ge=0,
            le=MAX_WAIT_SECONDS,
        ),
    ] = 0


TOOL = ToolSpec(
    name="get_run",
    title="Explain a workflow run",
    description="Explain what happened to a Retab document workflow run and why it failed, broke, "
    "is stuck, hung or slow, or what it is waiting for. Also why its result has a wrong value or "
    "missing field. Gives the root cause: the step, its error and evidence, the upstream steps "
    "that produced its inputs, and whether a restart helps. For a completed run: findings such as "
    "low likelihoods, retries and default branches. Call it first for any question of why a run "
    "may fail or go wrong; list_steps lists all steps, get_step reads one.",
    meta={**ALWAYS_LOAD, **drawn_by(RUN_PAGE)},
    arguments=GetRun,
    answered_by="retab_mcp.answers.get_run:get_run",
)
