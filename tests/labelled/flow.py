"""Short workflows whose steps pass JSON on: for runs that are wrong, or only look wrong."""

from collections.abc import Sequence
from typing import Any

from retab_mcp.sandbox.builder.graph import block, json_handle
from retab_mcp.sandbox.builder.run import turn
from retab_mcp.sandbox.records import Json, SampleBlock, SampleStep
from tests.labelled.scenario import LabelledRun


def json_handles(*values: Json, kind: str = "input") -> dict[str, Json]:
    """Return a handle for each value: input-json-0 and so on."""
    return {f"{kind}-json-{at}": json_handle(value) for at, value in enumerate(values)}


def run_function(
    build: LabelledRun, block_id: str, given: Json, made: Json, **fields: Any
) -> SampleStep:
    """Complete a function that got `given` and made `made`, with its artifact."""
    record = {"inputs": given, "output": made, "duration_ms": 40}
    return build.step(
        block_id,
        inputs=json_handles(given),
        outputs=json_handles(made, kind="output"),
        artifact=build.artifact("function_invocation", block_id, record),
        **fields,
    )


def function_run(
    name: str, title: str, given: Json, made: Json, label: str = ""
) -> tuple[LabelledRun, SampleStep]:
    """Return a run in which one function made `made` of `given`, and its step."""
    build = LabelledRun(
        name,
        title,
        (
            block("order-in", "start_json", "Order"),
            block("shape-order", "function", label or "Shape the order"),
            block("send-order", "api_call", "Send the order"),
        ),
        "order-in > shape-order > send-order",
    )
    build.start("order-in", given)
    step = run_function(build, "shape-order", given, made)
    build.complete("send-order", made)
    return build, step


def merge_run(
    name: str,
    title: str,
    given: Sequence[Json],
    made: Json,
    labels: Sequence[str] = ("Contract", "Purchase order"),
    **config: Json,
) -> tuple[LabelledRun, SampleStep]:
    """Return a run that merged two records into `made`, and the step of the merge."""
    sources = [block(f"source-{at}", "start_json", label) for at, label in enumerate(labels)]
    build = LabelledRun(
        name,
        title,
        (
            *sources,
            block("join", "merge_dicts", "Join", **config),
            block("store", "api_call", "Store"),
        ),
        "source-0 > join > store",
        "source-1 > join",
    )
    for at, value in enumerate(given):
        build.start(f"source-{at}", value)
    step = build.step(
        "join", 0.1, inputs=json_handles(*given), outputs=json_handles(made, kind="output")
    )
    build.complete("store", made)
    return build, step


def loop_blocks(body: str = "function") -> tuple[SampleBlock, ...]:
    """Return the blocks of a workflow with one loop."""
    return (
        block("parcels-in", "start_json", "Parcels"),
        block("each-parcel", "for_each", "Each parcel"),
        block("weigh-parcel", body, "Weigh", parent="each-parcel"),
        block("book-parcels", "api_call", "Book"),
    )


def loop_run(
    name: str,
    title: str,
    items: Sequence[Json],
    ran: Sequence[int],
    results: Sequence[Json] | None = None,
    *,
    failed: Sequence[int] = (),
    parallel: bool = False,
    body: str = "function",
    made: Sequence[Json] | None = None,
) -> tuple[LabelledRun, SampleStep, SampleStep | None]:
    """Return a run whose loop got `items` and ran the iterations `ran`.

    `results` are what the loop passes on, by default what its iterations made (`made`, by default
    each item's number). Returned with the step of the loop and that of the first failed iteration.
    """
    build = LabelledRun(name, title, loop_blocks(body), "parcels-in > each-parcel > book-parcels")
    build.start("parcels-in", {"parcels": list(items)})
    began = build.now
    first_failed = None
    outcomes = list(made) if made is not None else [{"number": number} for number in ran]
    for number, outcome in zip(ran, outcomes, strict=True):
        here = (turn("each-parcel", number, parallel=parallel),)
        given = json_handles(items[number]) if number < len(items) else {}
        if number in failed:
            step = build.fail("weigh-parcel", "KeyError: 'weight'", 0.1, loops=here, inputs=given)
            first_failed = first_failed or step
        else:
            outputs = json_handles(outcome, kind="output")
            build.step("weigh-parcel", 0.1, loops=here, inputs=given, outputs=outputs)
    if results is None:
        results = [one for number, one in zip(ran, outcomes, strict=True) if number not in failed]
    passed_on = {"weighed": list(results)}
    loop = build.container(
        "each-parcel",
        began,
        inputs=json_handles({"parcels": list(items)}),
        outputs=json_handles(passed_on, kind="output"),
    )
    build.complete("book-parcels", passed_on)
    return build, loop, first_failed
