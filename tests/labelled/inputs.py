"""Blocks without input, or with input that they could not use."""

from retab_mcp.sandbox.builder.artifacts import condition, routing
from retab_mcp.sandbox.builder.graph import block, edge
from tests.labelled.scenario import EVERY_SHAPE, LabelledRun, Scenario


def _nobody_sent_json() -> Scenario:
    build = LabelledRun(
        "caller-sent-nothing",
        "A caller started the run without the JSON that it begins with",
        (
            block("payload-in", "start_json", "Payload"),
            block("enrich-payload", "function", "Enrich"),
        ),
        "payload-in > enrich-payload",
    )
    step = build.fail("payload-in", "The start block expects JSON input and none was supplied", 0.1)
    build.skip("Not reached", "enrich-payload")
    return build.ended_in_error("missing_input", step, 1, hint=step, generations=EVERY_SHAPE)


def _fed_by_the_other_branch() -> Scenario:
    build = LabelledRun(
        "other-branch-only",
        "A block hangs on two branches of which one only is ever taken",
        (
            block("request-in", "start_json", "Request"),
            block("is-urgent", "conditional", "Urgent?"),
            block("call-courier", "function", "Call the courier"),
            block("book-truck", "function", "Book a truck"),
            block("confirm-pickup", "api_call", "Confirm"),
        ),
        "request-in > is-urgent",
        "call-courier > confirm-pickup",
        "book-truck > confirm-pickup",
        extra=(
            edge("is-urgent", "call-courier", out="urgent"),
            edge("is-urgent", "book-truck", out="else"),
        ),
    )
    build.start("request-in", {"urgent": False})
    not_urgent = condition("urgent", "$.urgent", "is_true", None, False, matched=False)
    decision = build.artifact(
        "conditional_evaluation", "is-urgent", routing([not_urgent], "output-json-else", None)
    )
    build.complete("is-urgent", {"urgent": False}, only="output-json-else", artifact=decision)
    build.skip("Branch 'urgent' was not taken", "call-courier")
    build.complete("book-truck", {"truck": "HH-T 118"})
    step = build.fail(
        "confirm-pickup",
        "input-json-0 has no value",
        0.1,
        stage="input_collection",
    )
    return build.ended_in_error("missing_input", step, 0, hint=None)


def _no_category() -> Scenario:
    build = LabelledRun(
        "letter-of-no-kind",
        "A letter that fits none of the categories, in a workflow without a default",
        (
            block("post-in", "start_document", "Post"),
            block("sort-post", "classifier", "Sort"),
            block("read-bill", "extract", "Read bill"),
            block("read-notice", "extract", "Read notice"),
        ),
        "post-in > sort-post",
        extra=(
            edge("sort-post", "read-bill", kind="file", out="bill"),
            edge("sort-post", "read-notice", kind="file", out="notice"),
        ),
    )
    build.start("post-in")
    step = build.fail(
        "sort-post", "The answer 'postcard' is none of: bill, notice", 1.9, stage="routing"
    )
    build.skip("Not reached", "read-bill", "read-notice")
    return build.ended_in_error("routing", step, 2, hint=step, generations=EVERY_SHAPE)


def _text_against_number() -> Scenario:
    build = LabelledRun(
        "weight-as-text",
        "A condition compares a weight that is a text with a number",
        (
            block("parcel-in", "start_json", "Parcel"),
            block("too-heavy", "conditional", "Too heavy?"),
            block("send-by-road", "api_call", "By road"),
            block("send-by-air", "api_call", "By air"),
        ),
        "parcel-in > too-heavy",
        extra=(
            edge("too-heavy", "send-by-road", out="heavy"),
            edge("too-heavy", "send-by-air", out="else"),
        ),
    )
    build.start("parcel-in", {"weight": "31,5 kg"})
    step = build.fail(
        "too-heavy",
        "Cannot decide $.weight is_greater_than 30: text against number",
        0.1,
        stage="routing",
    )
    build.skip("No branch was selected", "send-by-road", "send-by-air")
    return build.ended_in_error("routing", step, 2, hint=step)


def scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios of this file."""
    return (_nobody_sent_json(), _fed_by_the_other_branch(), _no_category(), _text_against_number())
