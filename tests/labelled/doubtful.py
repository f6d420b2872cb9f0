"""Runs that completed with a wrong result."""

from retab_mcp.sandbox.builder import artifacts
from retab_mcp.sandbox.builder.artifacts import NUMBER, TEXT, condition, object_schema, routing
from retab_mcp.sandbox.builder.graph import MODEL, block, edge
from retab_mcp.sandbox.builder.ids import review_identifier
from retab_mcp.sandbox.builder.run import turn
from retab_mcp.sandbox.records import Json, SampleReview, SampleReviewVersion, SampleStep, after
from tests.labelled.scenario import CREATED_AT, LabelledRun, Scenario
from tests.samples import primitives

SCHEMA = object_schema(("policy", "premium", "holder"), policy=TEXT, premium=NUMBER, holder=TEXT)


def _begin(name: str, title: str, reader: str = "extract") -> LabelledRun:
    build = LabelledRun(
        name,
        title,
        (
            block("policy-in", "start_document", "Policy"),
            block("read-policy", reader, "Read the policy"),
            block("file-policy", "api_call", "File the policy"),
        ),
        "policy-in > read-policy > file-policy",
    )
    build.start("policy-in")
    return build


def _read(build: LabelledRun, output: Json, *, likelihoods: Json = None) -> SampleStep:
    record = artifacts.extraction(build.stored, SCHEMA, output, likelihoods=likelihoods)
    made = build.artifact("extraction", "read-policy", record)
    return build.complete("read-policy", output, 2.1, artifact=made, model=MODEL)


def _nobody_named() -> Scenario:
    build = _begin("policy-without-holder", "A required field is null, and the run continued")
    step = _read(build, {"policy": "P-118", "premium": 410.0, "holder": None})
    build.complete("file-policy")
    return build.completed("required_missing", step)


def _one_of_forty() -> Scenario:
    build = LabelledRun(
        "one-of-forty-policies",
        "Forty policies were read in a loop, and the thirty-first has no holder",
        (
            block("policies-in", "start_document", "Policies"),
            block("each-policy", "for_each", "Each policy"),
            block("read-policy", "extract", "Read the policy", parent="each-policy"),
            block("file-policies", "api_call", "File the policies"),
        ),
        "policies-in > each-policy > file-policies",
    )
    build.start("policies-in")
    began = build.now
    for number in range(40):
        holder = None if number == 30 else "M. Okafor"
        output = {"policy": f"P-{number}", "premium": 40.5 + number, "holder": holder}
        record = artifacts.extraction(build.stored, SCHEMA, output)
        read = build.complete(
            "read-policy",
            output,
            2.1,
            artifact=build.artifact("extraction", f"read-policy/{number}", record),
            loops=(turn("each-policy", number),),
        )
        if number == 30:
            step = read
    build.container("each-policy", began)
    build.complete("file-policies")
    return build.completed("required_missing", step)


def _premium_as_text() -> Scenario:
    build = _begin("policy-premium-text", "An amount came out as a text")
    step = _read(build, {"policy": "P-119", "premium": "410,00", "holder": "M. Okafor"})
    build.complete("file-policy")
    return build.completed("type_mismatch", step)


def _smudged_premium() -> Scenario:
    build = _begin("policy-smudged", "The readers did not agree on an amount")
    step = _read(
        build,
        {"policy": "P-120", "premium": 4100.0, "holder": "M. Okafor"},
        likelihoods={"policy": 0.99, "premium": 0.34, "holder": 0.97},
    )
    build.complete("file-policy")
    return build.completed("low_likelihood", step)


def _blank_scan() -> Scenario:
    build = _begin("policy-blank", "A scan of blank pages was read without complaint", "parse")
    record = {**artifacts.parse(build.stored, []), "output": {"pages": [], "text": ""}}
    step = build.complete(
        "read-policy", {"text": ""}, artifact=build.artifact("parse", "read-policy", record)
    )
    build.complete("file-policy")
    return build.completed("no_text", step)


def _half_filled() -> Scenario:
    build = _begin("form-half-filled", "A form was filled in but for two fields", "edit")
    fields = [
        ("name", "Name of the holder", "M. Okafor"),
        ("born", "Date of birth", None),
        ("place", "Place of birth", ""),
    ]
    record = primitives.edit(build.stored, fields, "data:application/pdf;base64,JVBERi0=")
    step = build.complete("read-policy", artifact=build.artifact("edit", "read-policy", record))
    build.complete("file-policy")
    return build.completed("fields_left_empty", step)


def _pages_nowhere() -> Scenario:
    build = _begin("bundle-pages-nowhere", "Two pages of a bundle went nowhere", "split")
    kinds = {"Policy": "The policy.", "Terms": "The general terms."}
    output = [("Policy", [1, 2]), ("Terms", [5, 6, 7])]
    record = primitives.split(build.stored, kinds, output, [0.97, 0.95])
    step = build.complete("read-policy", artifact=build.artifact("split", "read-policy", record))
    build.complete("file-policy")
    return build.completed("pages_unassigned", step)


def _routed(name: str, title: str, actual: Json) -> tuple[LabelledRun, SampleStep]:
    build = LabelledRun(
        name,
        title,
        (
            block("quote-in", "start_json", "Quote"),
            block("over-limit", "conditional", "Over the limit?"),
            block("ask-manager", "api_call", "Ask the manager"),
            block("accept-quote", "api_call", "Accept"),
        ),
        "quote-in > over-limit",
        extra=(
            edge("over-limit", "ask-manager", out="over"),
            edge("over-limit", "accept-quote", out="else"),
        ),
    )
    build.start("quote-in", {"sum": actual})
    over = condition("over", "$.sum", "is_greater_than", 5000, actual, matched=False)
    decision = build.artifact(
        "conditional_evaluation", "over-limit", routing([over], "output-json-else", None)
    )
    step = build.complete(
        "over-limit", {"sum": actual}, 0.1, only="output-json-else", artifact=decision
    )
    build.skip("Branch 'over' was not taken", "ask-manager")
    build.complete("accept-quote")
    return build, step


def _default_taken() -> Scenario:
    build, step = _routed("quote-by-default", "No condition held, and the default took it", 4999.5)
    return build.completed("default_branch", step)


def _compared_as_text() -> Scenario:
    build, step = _routed(
        "quote-as-text", "A sum in words is never over a limit in numbers", "EUR 81 000"
    )
    return build.completed("condition_types_differ", step)


def _split_vote() -> Scenario:
    build = _begin("letter-split-vote", "The readers voted two to one on the kind", "classifier")
    record = primitives.classification(
        build.stored,
        {"Policy": "A policy.", "Quote": "An offer."},
        [("Policy", "It has a number."), ("Policy", "It is signed."), ("Quote", "No start date.")],
        0.82,
    )
    made = build.artifact("classification", "read-policy", record)
    step = build.complete("read-policy", artifact=made, model=MODEL)
    build.complete("file-policy")
    return build.completed("votes_disagree", step)


def _rejected_by_a_person() -> Scenario:
    build = _begin("policy-rejected", "A reviewer rejected the extraction; the run continued")
    output: Json = {"policy": "P-121", "premium": 77.0, "holder": "L. Brandt"}
    step = _read(build, output)
    author = {"kind": "human", "id": "user_reviewer", "display_name": "Reviewer"}
    version = SampleReviewVersion(
        id=review_identifier("rvr", "policy-rejected"),
        created_at=after(CREATED_AT, 3.0),
        author={"kind": "model", "id": MODEL, "display_name": "Retab small"},
        snapshot=output,
    )
    review = SampleReview(
        id=review_identifier("rev", "policy-rejected"),
        block_id="read-policy",
        step_id=step.step_id,
        created_at=after(CREATED_AT, 3.0),
        decision={
            "verdict": "rejected",
            "version_id": version.id,
            "author": author,
            "created_at": after(CREATED_AT, 40.0),
            "reason": "Wrong holder: the policy was transferred in June",
        },
        versions=(version,),
    )
    build.skip("Not approved", "file-policy")
    return build.completed("review_rejected", step, reviews=(review,))


def _third_time_lucky() -> Scenario:
    build = _begin("filing-third-time", "Two failed tries hid behind the third")
    _read(build, {"policy": "P-122", "premium": 96.4, "holder": "L. Brandt"})
    call = build.call(
        "https://files.example.com/policies", (503, "busy"), (503, "busy"), (201, {"id": 7})
    )
    step = build.complete("file-policy", artifact=call, retry_count=2)
    return build.completed("failed_attempts", step)


def _slow_partner() -> Scenario:
    build = _begin("filing-slow", "A call that took most of the run, and no one said so")
    _read(build, {"policy": "P-123", "premium": 12.0, "holder": "A. Haile"})
    call = build.call("https://files.example.com/policies", (201, {"id": 8}), lasting=48.0)
    step = build.complete("file-policy", seconds=48.0, artifact=call)
    return build.completed("slow_step", step)


def _gave_up_quietly() -> Scenario:
    build = LabelledRun(
        "search-gave-up",
        "A loop reached its limit, and the run continued with its last result",
        (
            block("terms-in", "start_json", "Terms"),
            block("until-found", "while_loop", "Until found"),
            block("search-again", "function", "Search again", parent="until-found"),
            block("report-find", "api_call", "Report"),
        ),
        "terms-in > until-found > report-find",
    )
    build.start("terms-in", {"term": "lien"})
    began = build.now
    for number in range(4):
        build.complete("search-again", {"hits": 0}, 0.2, loops=(turn("until-found", number),))
    none = condition("found", "$.hits", "is_greater_than", 0, 0, matched=False)
    ended = build.artifact(
        "while_loop_termination",
        "until-found",
        {"termination_reason": "max_iterations_reached", "evaluations": [none]},
    )
    step = build.container("until-found", began, artifact=ended)
    build.complete("report-find")
    return build.completed("loop_limit", step)


def _lost_in_the_loop() -> Scenario:
    build = LabelledRun(
        "three-lost-in-loop",
        "A loop forgave an item that failed, and the total is too small",
        (
            block("lines-in", "start_json", "Lines"),
            block("each-line", "for_each", "Each line"),
            block("price-line", "function", "Price", parent="each-line"),
            block("total-up", "function", "Total"),
        ),
        "lines-in > each-line > total-up",
    )
    build.start("lines-in", {"lines": 5})
    began = build.now
    for number in range(5):
        here = (turn("each-line", number),)
        if number == 3:
            step = build.fail("price-line", "KeyError: 'unit'", 0.1, loops=here)
        else:
            build.complete("price-line", {"price": 3.5}, 0.1, loops=here)
    build.container("each-line", began)
    build.complete("total-up", {"total": 14.0})
    return build.completed("failed_step", step)


def scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios of this file."""
    return (
        _nobody_named(),
        _one_of_forty(),
        _premium_as_text(),
        _smudged_premium(),
        _blank_scan(),
        _half_filled(),
        _pages_nowhere(),
        _default_taken(),
        _compared_as_text(),
        _split_vote(),
        _rejected_by_a_person(),
        _third_time_lucky(),
        _slow_partner(),
        _gave_up_quietly(),
        _lost_in_the_loop(),
    )
