"""Loops within loops, and a run of 2,000 steps from a parallel loop."""

from itertools import pairwise

from retab_mcp.sandbox.builder import artifacts
from retab_mcp.sandbox.builder.graph import Workflow, block, edge, json_handle
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Json, Sample, SampleFailure, SampleLoop, after

CLAIMS = Workflow(
    slug="claim-settlement",
    name="Claim settlement",
    blocks=(
        block("start-claims", "start_json", "Open claims"),
        block("until-settled", "while_loop", "Until all are settled", max_iterations=6),
        block("each-claim", "for_each", "For each claim", parent="until-settled", parallel=True),
        block("assess-claim", "function", "Assess claim", parent="each-claim"),
        block("book-reserve", "api_call", "Book reserve", parent="each-claim", method="POST"),
        block("report-settled", "function", "Report"),
    ),
    edges=(
        edge("start-claims", "until-settled"),
        edge("assess-claim", "book-reserve"),
        edge("until-settled", "report-settled"),
    ),
)
ROUNDS = 3
CLAIMS_PER_ROUND = 4
FAILING_ROUND = 2
FAILING_CLAIM = 1
CLOSED_MESSAGE = "API call failed: 409 Conflict"


def _claim(turn: int, item: int) -> dict[str, Json]:
    return {"claim": f"CL-{700 + item}", "round": turn, "reserve": 1200.5 + 300 * item}


def _book(build: RunBuilder, here: tuple[SampleLoop, ...], claim: dict[str, Json]) -> str:
    """Build the booking of one claim, and return its step's id."""
    closed = (here[0].iteration, here[1].iteration) == (FAILING_ROUND, FAILING_CLAIM)
    if not closed:
        booked = {"output-json-0": json_handle({"booked": True})}
        return build.step("book-reserve", 0.3, outputs=booked, loops=here).step_id
    sent_at = build.time()
    call = artifacts.attempt(
        0,
        "POST",
        "https://claims.example.com/reserves",
        409,
        {"error": "claim_closed", "closed_at": "2026-08-07"},
        started_at=sent_at,
        completed_at=after(sent_at, 0.3),
        duration_ms=300,
        request_body=claim,
    )
    failure = SampleFailure(
        message=CLOSED_MESSAGE,
        stage="execution",
        category="permanent",
        details={"message": CLOSED_MESSAGE, "error_code": "http_error"},
    )
    return build.step(
        "book-reserve",
        0.3,
        status="error",
        failure=failure,
        loops=here,
        artifact=build.artifact(
            "api_call_invocation", "book-reserve", artifacts.api_call([call]), failure=failure
        ),
    ).step_id


def _round(build: RunBuilder, turn: int) -> dict[int, str]:
    """Build one round of the while loop; return the ids of the booking steps by claim."""
    outer = SampleLoop(container_id="until-settled", iteration=turn)
    began = build.now
    booked = {}
    for item in range(CLAIMS_PER_ROUND):
        inner = SampleLoop(
            container_id="each-claim", iteration=item, is_parallel=True, item_index=item
        )
        build.now = began + 0.02 * item
        claim = _claim(turn, item)
        build.step(
            "assess-claim",
            0.8,
            inputs={"input-json-0": json_handle(claim)},
            outputs={"output-json-0": json_handle(claim)},
            loops=(outer, inner),
        )
        booked[item] = _book(build, (outer, inner), claim)
    failed = turn == FAILING_ROUND
    build.container(
        "each-claim",
        began,
        loops=(outer,),
        status="error" if failed else "completed",
        failure=SampleFailure(message="1 of 4 iterations failed") if failed else None,
    )
    return booked


def nested() -> Sample:
    """Return a for_each in a while loop: the second claim fails in the third round."""
    build = RunBuilder("claims-nested", CLAIMS, "2026-08-08T07:00:00Z")
    failure = SampleFailure(message="Iteration 2 failed", stage="execution", category="permanent")
    build.step("start-claims", 0.1, outputs={"output-json-0": json_handle({"claims": 4})})
    began = build.now
    for turn in range(ROUNDS):
        _round(build, turn)
    termination = build.artifact(
        "while_loop_termination",
        "until-settled",
        {"termination_reason": "error", "evaluations": []},
    )
    build.container("until-settled", began, status="error", failure=failure, artifact=termination)
    build.unreached("report-settled", "skipped", "Upstream block 'until-settled' failed")
    run = build.run(
        "error",
        5.0,
        failure=failure,
        failing_step_id=build.step_id("until-settled"),
        json_data={"start-claims": {"claims": 4}},
    )
    return Sample(
        name="claims-nested",
        title="A parallel for_each in a while loop: one claim of the third round was closed",
        runs=(run,),
    )


STAGES = ("read", "weigh", "classify", "value", "tax", "check", "seal")
SHIPMENTS = Workflow(
    slug="customs-manifest",
    name="Customs manifest",
    blocks=(
        block("start-manifest", "start_json", "Manifest"),
        block("each-container", "for_each", "For each container", parallel=True),
        *(
            block(f"{stage}-container", "function", f"{stage.title()} container", "each-container")
            for stage in STAGES
        ),
        block("merge-manifest", "merge_dicts", "Merge manifest"),
        block("declare-manifest", "api_call", "Declare to customs", method="POST"),
        block("file-manifest", "function", "File manifest"),
    ),
    edges=(
        edge("start-manifest", "each-container"),
        *(edge(f"{one}-container", f"{two}-container") for one, two in pairwise(STAGES)),
        edge("each-container", "merge-manifest"),
        edge("merge-manifest", "declare-manifest"),
        edge("declare-manifest", "file-manifest"),
    ),
)
# With seven stages, the loop's own step and the four steps around it: 2,000 steps.
CONTAINERS = 285
AT_ONCE = 10
STAGE_SECONDS = 0.1
# The container without a weight.
UNWEIGHED = 201
REFUSED = "API call failed: 400 Bad Request"


def _container(number: int) -> dict[str, Json]:
    return {
        "container": f"CSQU{3_000_000 + number * 7}",
        "net_mass_kg": 0 if number == UNWEIGHED else 1800 + number * 13 % 9000,
    }


def two_thousand_steps() -> Sample:
    """Return 285 containers in seven stages; customs refuses the one that weighs nothing."""
    build = RunBuilder("manifest-2000", SHIPMENTS, "2026-08-08T22:00:00Z")
    manifest = {"containers": [_container(number) for number in range(CONTAINERS)]}
    build.step("start-manifest", 0.2, outputs={"output-json-0": json_handle(manifest)})
    began = build.now
    for number in range(CONTAINERS):
        here = (
            SampleLoop(
                container_id="each-container",
                iteration=number,
                is_parallel=True,
                item_index=number,
            ),
        )
        batch, place = divmod(number, AT_ONCE)
        build.now = began + batch * 1.2 + place * 0.01
        handles = {"output-json-0": json_handle(_container(number))}
        for stage in STAGES:
            build.step(f"{stage}-container", STAGE_SECONDS, outputs=handles, loops=here)
    merged = {"output-json-0": json_handle(manifest)}
    build.container("each-container", began, outputs=merged)
    build.step("merge-manifest", 0.3, outputs=merged)
    refusal = {"errors": [{"line": UNWEIGHED, "field": "net_mass_kg", "rule": "must exceed 0"}]}
    sent_at = build.time()
    details: dict[str, Json] = {"message": REFUSED, "error_code": "http_error"}
    call = artifacts.attempt(
        0,
        "POST",
        "https://customs.example.com/manifests",
        400,
        refusal,
        started_at=sent_at,
        completed_at=after(sent_at, 0.9),
        duration_ms=900,
        request_body=manifest,
    )
    failure = SampleFailure(
        message=REFUSED, stage="execution", category="permanent", details=details
    )
    invocation = build.artifact(
        "api_call_invocation", "declare", artifacts.api_call([call]), failure=failure
    )
    step = build.step("declare-manifest", 0.9, status="error", failure=failure, artifact=invocation)
    build.unreached("file-manifest", "skipped", "Upstream block 'declare-manifest' failed")
    run = build.run("error", 38.0, failure=failure, failing_step_id=step.step_id)
    return Sample(
        name="manifest-2000",
        title="2,000 steps; customs refused the manifest for the one container without a weight",
        runs=(run,),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (nested(), two_thousand_steps())
