"""What get_run fetches to find downstream steps when the graph or the steps are missing."""

from dataclasses import replace

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block, document, file_handle
from tests.labelled import all_scenarios
from tests.labelled.scenario import EVERY_SHAPE, Label, LabelledRun, Scenario, verdict
from tests.samples import all_samples
from tests.support.asking import asking

MAX_REQUESTS = 6
# A failed run that is read first, so that generation and routes are known.
KNOWN = next(sample for sample in all_samples() if sample.name == "erp-unavailable")


async def refused_graph(request: Request) -> Response | None:
    path = request.url.path
    graphs = ("/v1/workflows/versions", "/v1/workflows/blocks", "/v1/workflows/edges")
    if path.startswith(graphs) or path.endswith(("/config", "/entities")):
        return JSONResponse({"detail": "Forbidden"}, 403)
    return None


async def said_of(scenario: Scenario, generation: str, *, graph: bool = True) -> tuple[Label, str]:
    samples = [KNOWN, scenario.sample]
    app = create_app(generation, samples, intercept=None if graph else refused_graph)
    async with asking(app) as asker:
        await asker.ask("get_run", run_id=KNOWN.runs[0].id)
        app.state.requests.clear()
        answer = await asker.ask("get_run", run_id=scenario.run.id)
    assert len(app.state.requests) <= MAX_REQUESTS
    return verdict(answer), answer["cause"]["reasons"][0]


def cut_late() -> Scenario:
    """Return a run whose cause ended after the step that its earlier output broke."""
    build = LabelledRun(
        "cut-late",
        "A split fails at its last part; an earlier part, cut wrongly, had failed to be read",
        (
            block("bundle", "start_document", "Bundle"),
            block("cut", "split", "Cut"),
            block("turn", "edit", "Turn"),
            block("read", "extract", "Read"),
        ),
        "bundle > cut > turn > read",
    )
    build.start("bundle")
    began = build.now
    part, turned = file_handle(document("part.pdf")), file_handle(document("turned.pdf"))
    cause = build.fail("cut", "It stopped", 5.0, outputs={"output-file-0": part})
    build.now = began + 1
    build.step("turn", inputs={"input-file-0": part}, outputs={"output-file-0": turned})
    hint = build.fail("read", "It stopped, too", inputs={"input-file-0": turned})
    return build.ended_in_error("unknown", cause, 1, hint=hint, message="2 steps failed")


@pytest.mark.parametrize("generation", ["g2c", "g2e", "g3"])
async def test_without_a_graph_passed_files_show_what_is_downstream(generation: str) -> None:
    scenario = cut_late()
    said, reasons = await said_of(scenario, generation, graph=False)
    assert said == scenario.label
    assert reasons == "the first failed step by the files that steps passed on, then by time"


async def test_with_a_graph_its_edges_decide() -> None:
    scenario = cut_late()
    assert (await said_of(scenario, "g3"))[0] == scenario.label


def left_out_by_a_branch() -> Scenario:
    """Return a run with a step that a condition skipped, after the failed step; not downstream."""
    build = LabelledRun(
        "left-out",
        "A note is not wanted, whether or not the reading succeeds",
        (
            block("letter", "start_document", "Letter"),
            block("read", "extract", "Read"),
            block("wanted", "conditional", "Wanted?"),
            block("note", "function", "Note"),
            block("book", "api_call", "Book"),
        ),
        "letter > read > note",
        "letter > wanted > note",
        "read > book",
    )
    build.start("letter")
    build.complete("wanted")
    cause = build.fail("read", "The document has no pages")
    build.skip("Branch not taken", "note")
    build.skip("Upstream block 'read' failed", "book")
    return build.ended_in_error("document_unreadable", cause, 1, hint=cause)


@pytest.mark.parametrize("graph", [True, False])
@pytest.mark.parametrize("generation", EVERY_SHAPE)
async def test_downstream_steps_are_counted_by_their_skip_reason(
    generation: str, graph: bool
) -> None:
    scenario = left_out_by_a_branch()
    assert (await said_of(scenario, generation, graph=graph))[0] == scenario.label


async def test_embedded_steps_are_used_where_the_list_is_refused() -> None:
    async def refused_list(request: Request) -> Response | None:
        refused = request.url.path.endswith("/steps")
        return JSONResponse({"detail": "Forbidden"}, 403) if refused else None

    scenario = left_out_by_a_branch()
    app = create_app("g1", [scenario.sample], intercept=refused_list)
    async with asking(app) as asker:
        said = verdict(await asker.ask("get_run", run_id=scenario.run.id))
    assert (said.step_id, said.kind) == (scenario.label.step_id, scenario.label.kind)


LONG = next(each for each in all_scenarios() if each.name == "meter-two-hundred")


@pytest.mark.parametrize("only_failed", [True, False])
async def test_an_incomplete_list_of_steps_is_reported(only_failed: bool) -> None:
    async def no_second_page(request: Request) -> Response | None:
        refused = "after" in request.query_params or (
            not only_failed and "status" in request.query_params
        )
        return JSONResponse({"detail": "Forbidden"}, 403) if refused else None

    app = create_app("g3", [LONG.sample], intercept=no_second_page)
    async with asking(app) as asker:
        answer = await asker.ask("get_run", run_id=LONG.run.id)
    # The loop is on the first page, its failed step on a later one.
    said = verdict(answer)
    assert (said == replace(LONG.label, downstream=said.downstream)) is only_failed
    assert "among the 50" in answer["cause"]["reasons"][0]
    assert answer["truncated"]["unit"] == "steps"
