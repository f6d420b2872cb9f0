"""A restart has one verdict, whether the run or the step that is its cause is asked about."""

import pytest

from retab_mcp.sandbox.app import create_app
from tests.labelled import all_scenarios
from tests.support.asking import asking


@pytest.mark.parametrize("generation", ["g1", "g3"])
async def test_run_and_step_have_one_verdict(generation: str) -> None:
    scenarios = [each for each in all_scenarios() if generation in each.generations]
    app = create_app(generation, [scenario.sample for scenario in scenarios])
    runs = [each.run.id for each in scenarios if each.run.status == "error"]
    differing, compared = {}, 0
    # A session for each tool, since get_step would use the answer of get_run.
    async with asking(app) as about_runs, asking(app) as about_steps:
        for run_id in runs:
            run = await about_runs.ask("get_run", run_id=run_id)
            step_id = run.get("cause", {}).get("step_id")
            failed = run.get("step_counts", {}).get("error", 0)
            if step_id is None or not failed:
                continue
            step = await about_steps.ask("get_step", run_id=run_id, step_id=step_id)
            verdicts = [answer.get("restart", {}).get("verdict") for answer in (run, step)]
            # Of several failed steps, one alone does not show that it is the cause.
            if verdicts[0] != verdicts[1] and not (failed > 1 and verdicts[1] is None):
                differing[run_id] = run["restart"], step.get("restart")
            compared += 1
    assert differing == {}
    assert compared >= 10
