"""Runs and experiments that the samples lack: for fields that few runs fill."""

from retab_mcp.sandbox.records import (
    Sample,
    SampleArtifact,
    SampleBlock,
    SampleEdge,
    SampleExperiment,
    SampleFailure,
    SampleJob,
    SampleLoop,
    SampleRef,
    SampleRun,
    SampleStep,
    after,
)
from tests.system.poison import POISONED_KEY

START = "2026-08-20T09:00:00Z"
FIELD = f"the {POISONED_KEY}"
PDF = {"id": "file_safety", "filename": "a.pdf", "mime_type": "application/pdf"}
LINES = [{"sku": "a", "qty": "one"}, {"sku": "b", "qty": "two"}, {"sku": "c", "qty": "three"}]
# One line more, and another one changed behind it.
OTHER_LINES = [{"sku": "new", "qty": "one"}, *LINES[:2], {"sku": "c", "qty": "four"}]


def run_of(name: str, *, model: str, seconds: int, lines: list[dict[str, str]]) -> SampleRun:
    """A run whose loop fails in two ways, of a workflow version of its own."""
    run_id = f"run_safety_{name}"
    data = {"lines": lines, "supplier": None, "total": " 12 ", "terms": f"as of {name}"}
    handle = {"output-json-0": {"type": "json", "data": data}}
    read = SampleStep(
        step_id=f"{run_id}_read",
        block_id="read",
        type="extract",
        label="Read",
        started_at=START,
        completed_at=after(START, seconds),
        model=model,
        artifact=SampleRef(operation="extraction", id=f"extr_safety_{name}"),
        handle_inputs={"input-file-0": {"type": "file", "document": PDF}},
        handle_outputs=handle,
        output=data,
    )
    only = SampleStep(
        step_id=f"{run_id}_only_{name}",
        block_id=f"only-{name}",
        type="merge_dicts",
        label="Merge",
        started_at=after(START, seconds),
        completed_at=after(START, seconds + 1),
    )
    checks = tuple(
        SampleStep(
            step_id=f"{run_id}_check_{iteration}",
            block_id="check",
            type="function",
            label="Check",
            status="error",
            started_at=after(START, 100 + iteration),
            completed_at=after(START, 101 + iteration),
            failure=SampleFailure(
                message=f"{problem}: 'supplier' in {name}", stage="execution", category="permanent"
            ),
            loops=(SampleLoop(container_id="each", iteration=iteration),),
            handle_inputs={"input-json-0": {"type": "json", "data": data}},
        )
        for iteration, problem in enumerate(("KeyError", "TypeError"))
    )
    return SampleRun(
        id=run_id,
        workflow_id="wrk_safety",
        workflow_name="Safety",
        workflow_version_id=f"ver_safety_{name}",
        status="error",
        created_at=START,
        started_at=START,
        completed_at=after(START, 102),
        failure=checks[0].failure,
        documents={"start": PDF},
        json_data={"sheet": {"customer": name}},
        metadata={"tenant": "north"},
        steps=(read, only, *checks),
        artifacts=(
            SampleArtifact(
                operation="extraction",
                id=f"extr_safety_{name}",
                created_at=after(START, seconds),
                data={"file": PDF, "model": model, "json_schema": {}, "output": data},
            ),
        ),
        blocks=(
            SampleBlock(id="read", type="extract", label="Read", config={"model": model}),
            SampleBlock(id=f"only-{name}", type="merge_dicts", label="Merge"),
            SampleBlock(id="each", type="for_each", label="Each"),
            SampleBlock(id="check", type="function", label="Check", parent_id="each"),
        ),
        edges=(
            SampleEdge(
                id="edge_safety",
                source="read",
                source_handle="output-json-0",
                target="check",
                target_handle="input-json-0",
            ),
        ),
    )


UNSURE = SampleArtifact(
    operation="extraction",
    id="extr_safety_unsure",
    created_at=after(START, 2),
    data={
        "file": PDF,
        "model": "retab-small",
        "json_schema": {
            "type": "object",
            "properties": {FIELD: {"type": "string"}},
            "required": [FIELD],
        },
        "output": {FIELD: None},
        "consensus": {"choices": [], "likelihoods": {FIELD: 0.2}},
    },
)
COMPLETED = SampleRun(
    id="run_safety_unsure",
    workflow_id="wrk_safety",
    workflow_name="Safety",
    workflow_version_id="ver_safety_left",
    status="completed",
    created_at=START,
    started_at=START,
    completed_at=after(START, 2),
    steps=(
        SampleStep(
            step_id="run_safety_unsure_read",
            block_id="read",
            type="extract",
            label="Read",
            started_at=START,
            completed_at=after(START, 2),
            artifact=SampleRef(operation="extraction", id=UNSURE.id),
            handle_outputs={"output-json-0": {"type": "json", "data": {FIELD: None}}},
        ),
    ),
    artifacts=(UNSURE,),
)
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
    title="Two runs of two versions, and an experiment that broke off",
    runs=(
        run_of("left", model="retab-small", seconds=2, lines=LINES),
        run_of("right", model="retab-large", seconds=60, lines=OTHER_LINES),
        COMPLETED,
    ),
    experiments=(FAILED_EXPERIMENT,),
)
