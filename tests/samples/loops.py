"""A while loop that reached its limit of iterations."""

from retab_mcp.sandbox.builder import artifacts
from retab_mcp.sandbox.builder.artifacts import (
    NUMBER,
    OPTIONAL_DATE,
    TEXT,
    extraction,
    object_schema,
)
from retab_mcp.sandbox.builder.graph import (
    MODEL,
    Workflow,
    block,
    document,
    edge,
    file_handle,
    json_handle,
)
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Sample, SampleLoop

APPROVAL = Workflow(
    slug="quote-negotiation",
    name="Quote clarification",
    blocks=(
        block("start-quote", "start_document", "Quote received"),
        block("until-complete", "while_loop", "Until complete", max_iterations=5),
        block("re-extract", "extract", "Extract again", parent="until-complete", model=MODEL),
        block("check-quote", "function", "Check completeness", parent="until-complete"),
        block("accept-quote", "api_call", "Accept quote", method="POST"),
    ),
    edges=(
        edge("start-quote", "until-complete", kind="file"),
        edge("start-quote", "re-extract", kind="file"),
        edge("re-extract", "check-quote"),
        edge("until-complete", "accept-quote"),
    ),
)
MAX_ITERATIONS = 5


def loop_ran_out() -> Sample:
    """Return a run whose loop ends after five extractions without a date, and still completes."""
    build = RunBuilder("quote-while", APPROVAL, "2026-08-07T09:00:00Z")
    quote = document("quote-Q-7781.pdf")
    schema = object_schema(
        ("supplier", "total"), supplier=TEXT, total=NUMBER, delivery_date=OPTIONAL_DATE
    )
    data = {"supplier": "Fabrikam Energy", "total": 18_400.5, "delivery_date": None}
    build.step("start-quote", 0.1, outputs={"output-file-0": file_handle(quote)})
    container_started = build.now
    for number in range(MAX_ITERATIONS):
        here = (SampleLoop(container_id="until-complete", iteration=number),)
        extracted = build.artifact(
            "extraction",
            f"re-extract/{number}",
            extraction(quote, schema, data),
        )
        build.step(
            "re-extract",
            3.0,
            outputs={"output-json-0": json_handle(data)},
            artifact=extracted,
            model=MODEL,
            loops=here,
        )
        build.step(
            "check-quote",
            0.2,
            outputs={"output-json-0": json_handle({"missing_fields": 1})},
            loops=here,
        )
    termination = build.artifact(
        "while_loop_termination",
        "until-complete",
        {
            "termination_reason": "max_iterations_reached",
            "evaluations": [
                artifacts.condition(
                    "nothing-missing", "$.missing_fields", "is_equal_to", 0, 1, matched=False
                )
            ],
        },
    )
    build.container(
        "until-complete",
        container_started,
        outputs={"output-json-0": json_handle({"missing_fields": 1})},
        artifact=termination,
    )
    build.step("accept-quote", 0.4, outputs={"output-json-0": json_handle({"accepted": True})})
    run = build.run("completed", 17.6, documents={"start-quote": quote})
    return Sample(
        name="quote-while",
        title="A while loop that ran out after 5 iterations with a field still missing",
        runs=(run,),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (loop_ran_out(),)
