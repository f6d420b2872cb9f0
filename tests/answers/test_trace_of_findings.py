"""trace_value accepts the paths that findings name."""

from retab_mcp.sandbox.app import create_app
from tests.samples import sample_named
from tests.support.asking import asking

SAMPLES = ("expense-text", "invoice-unsure")


async def test_paths_of_findings_lead_to_values() -> None:
    samples = [sample_named(name) for name in SAMPLES]
    async with asking(create_app("g3", samples)) as asker:
        for sample in samples:
            run_id = sample.runs[0].id
            answer = await asker.ask("get_run", run_id=run_id)
            named = {
                (one["step_id"], path)
                for one in answer["findings"]
                for path in one.get("paths", [])
                if path != "/output"
            }
            assert named
            for step_id, path in sorted(named):
                trace = await asker.ask("trace_value", run_id=run_id, step_id=step_id, path=path)
                assert trace["hops"] or trace["origin"]
        votes = await asker.ask(
            "trace_value",
            run_id=samples[1].runs[0].id,
            step_id="extract-invoice",
            path="/consensus/likelihoods/total_amount",
        )
        assert (votes["path"], votes["value"]) == (
            "/handle_outputs/output-json-0/data/total_amount",
            8410.0,
        )
        trace = await asker.ask(
            "trace_value",
            run_id=samples[0].runs[0].id,
            step_id="check-amount",
            path="/evaluations/0",
        )
        assert trace["path"] == "/handle_inputs/input-json-0/data/amount"
        assert trace["value"] == "4,999.00 EUR"
