"""Runs and experiments for answer fields that the samples do not fill."""

from retab_mcp.sandbox.builder.artifacts import TEXT, object_schema
from retab_mcp.sandbox.builder.graph import block, file_handle, json_handle, workflow
from retab_mcp.sandbox.builder.run import RunBuilder, turn
from retab_mcp.sandbox.records import (
    Sample,
    SampleExperiment,
    SampleFailure,
    SampleJob,
    SampleRun,
    after,
)
from tests.system.poison import POISONED_KEY

START = "2026-08-20T09:00:00Z"
FIELD = f"the {POISONED_KEY}"
PDF = {"id": "file_safety", "filename": "a.pdf", "mime_type": "application/pdf"}
LINES = [{"sku": "a", "qty": "one"}, {"sku": "b", "qty": "two"}, {"sku": "c", "qty": "three"}]
# One more line, and a changed line after it.
OTHER_LINES = [{"sku": "new", "qty": "one"}, *LINES[:2], {"sku": "c", "qty": "four"}]


def run_of(name: str, *, model: str, seconds: int, lines: list[dict[str, str]]) -> SampleRun:
    """Return a run with its own workflow version, whose loop fails in two ways."""
    graph = workflow(
        "safety",
        "Safety",
        block("read", "extract", "Read", model=model),
        block(f"only-{name}", "merge_dicts", "Merge"),
        block("each", "for_each", "Each"),
        block("check", "function", "Check", parent="each"),
        "read > check",
    )
    build = RunBuilder(name, graph, START, run_id=f"run_safety_{name}")
    data = {"lines": lines, "supplier": None, "total": " 12 ", "terms": f"as of {name}"}
    extraction = {"file": PDF, "model": model, "json_schema": {}, "output": data}
    build.step(
        "read",
        seconds,
        inputs={"input-file-0": file_handle(PDF)},
        outputs={"output-json-0": json_handle(data)},
        artifact=build.artifact("extraction", "read", extraction, id=f"extr_safety_{name}"),
        model=model,
        output=data,
    )
    build.complete(f"only-{name}", seconds=1)
    build.now = 100
    checks = [
        build.fail("check", f"{problem}: 'supplier' in {name}", 1, loops=(turn("each", iteration),))
        for iteration, problem in enumerate(("KeyError", "TypeError"))
    ]
    return build.run(
        "error",
        102,
        workflow_id="wrk_safety",
        workflow_version_id=f"ver_safety_{name}",
        failure=checks[0].failure,
        documents={"start": PDF},
        json_data={"sheet": {"customer": name}},
        metadata={"tenant": "north"},
    )


def unsure() -> SampleRun:
    """Return a completed run whose required field is null."""
    graph = workflow("safety", "Safety", block("read", "extract", "Read"))
    build = RunBuilder("unsure", graph, START, run_id="run_safety_unsure")
    build.stored = PDF
    schema = object_schema((FIELD,), **{FIELD: TEXT})
    build.extract("read", {FIELD: None}, 2, schema, likelihoods={FIELD: 0.2})
    return build.run(
        "completed",
        2,
        workflow_id="wrk_safety",
        workflow_version_id="ver_safety_left",
        blocks=(),
        edges=(),
    )


def stopped() -> SampleRun:
    """Return a failed run whose other steps were skipped for one reason."""
    names = ("file", "post", "mail")
    blocks = (block(name, "function", name.title()) for name in names)
    graph = workflow("safety", "Safety", block("read", "extract", "Read"), *blocks)
    build = RunBuilder("stopped", graph, START, run_id="run_safety_stopped")
    failed = build.fail("read", "The document is empty", 1)
    build.skip("Upstream block 'read' failed", *names)
    return build.failed(failed, 2, workflow_id="wrk_safety")


FAILED_EXPERIMENT = SampleExperiment(
    id="exp_safety",
    name="Safety",
    workflow_id="wrk_safety",
    workflow_version_id="ver_safety_left",
    block_id="read",
    block_type="extract",
    run_id="exprun_safety",
    status="error",
    created_at=START,
    started_at=START,
    completed_at=after(START, 5),
    failure=SampleFailure(message="The worker was lost"),
    jobs=(
        SampleJob(
            id="expresult_safety",
            document_id="expdoc_safety",
            filename="a.pdf",
            status="cancelled",
            created_at=START,
            reason="The run was called off",
            handle_inputs={"input-file-0": {"type": "file", "document": PDF}},
        ),
    ),
)

SCENES = Sample(
    name="safety",
    title="Runs of two versions, and an experiment that broke off",
    runs=(
        run_of("left", model="retab-small", seconds=2, lines=LINES),
        run_of("right", model="retab-large", seconds=60, lines=OTHER_LINES),
        unsure(),
        stopped(),
    ),
    experiments=(FAILED_EXPERIMENT,),
)
