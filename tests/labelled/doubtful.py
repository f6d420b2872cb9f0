"""Runs that completed, and still are wrong."""

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
    story = LabelledRun(
        name,
        title,
        (
            block("policy-in", "start_document", "Policy"),
            block("read-policy", reader, "Read the policy"),
            block("file-policy", "api_call", "File the policy"),
        ),
        "policy-in > read-policy > file-policy",
    )
    story.start("policy-in")
    return story


def _read(story: LabelledRun, output: Json, *, likelihoods: Json = None) -> SampleStep:
    record = artifacts.extraction(story.stored, SCHEMA, output, likelihoods=likelihoods)
    made = story.artifact("extraction", "read-policy", record)
    return story.complete("read-policy", output, 2.1, artifact=made, model=MODEL)


def _nobody_named() -> Scenario:
    story = _begin("policy-without-holder", "A required field came out null and went on")
    step = _read(story, {"policy": "P-118", "premium": 410.0, "holder": None})
    story.complete("file-policy")
    return story.completed("required_missing", step)


def _one_of_forty() -> Scenario:
    story = LabelledRun(
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
    story.start("policies-in")
    began = story.now
    for number in range(40):
        holder = None if number == 30 else "M. Okafor"
        output = {"policy": f"P-{number}", "premium": 40.5 + number, "holder": holder}
        record = artifacts.extraction(story.stored, SCHEMA, output)
        read = story.complete(
            "read-policy",
            output,
            2.1,
            artifact=story.artifact("extraction", f"read-policy/{number}", record),
            loops=(turn("each-policy", number),),
        )
        if number == 30:
            step = read
    story.container("each-policy", began)
    story.complete("file-policies")
    return story.completed("required_missing", step)


def _premium_as_text() -> Scenario:
    story = _begin("policy-premium-text", "An amount came out as a text")
    step = _read(story, {"policy": "P-119", "premium": "410,00", "holder": "M. Okafor"})
    story.complete("file-policy")
    return story.completed("type_mismatch", step)


def _smudged_premium() -> Scenario:
    story = _begin("policy-smudged", "The readers did not agree on an amount")
    step = _read(
        story,
        {"policy": "P-120", "premium": 4100.0, "holder": "M. Okafor"},
        likelihoods={"policy": 0.99, "premium": 0.34, "holder": 0.97},
    )
    story.complete("file-policy")
    return story.completed("low_likelihood", step)


def _blank_scan() -> Scenario:
    story = _begin("policy-blank", "A scan of blank pages was read without complaint", "parse")
    record = {**artifacts.parse(story.stored, []), "output": {"pages": [], "text": ""}}
    step = story.complete(
        "read-policy", {"text": ""}, artifact=story.artifact("parse", "read-policy", record)
    )
    story.complete("file-policy")
    return story.completed("no_text", step)


def _half_filled() -> Scenario:
    story = _begin("form-half-filled", "A form was filled in but for two fields", "edit")
    fields = [
        ("name", "Name of the holder", "M. Okafor"),
        ("born", "Date of birth", None),
        ("place", "Place of birth", ""),
    ]
    record = primitives.edit(story.stored, fields, "data:application/pdf;base64,JVBERi0=")
    step = story.complete("read-policy", artifact=story.artifact("edit", "read-policy", record))
    story.complete("file-policy")
    return story.completed("fields_left_empty", step)


def _pages_nowhere() -> Scenario:
    story = _begin("bundle-pages-nowhere", "Two pages of a bundle went nowhere", "split")
    kinds = {"Policy": "The policy.", "Terms": "The general terms."}
    output = [("Policy", [1, 2]), ("Terms", [5, 6, 7])]
    record = artifacts.split(story.stored, kinds, output, [0.97, 0.95])
    step = story.complete("read-policy", artifact=story.artifact("split", "read-policy", record))
    story.complete("file-policy")
    return story.completed("pages_unassigned", step)


def _routed(name: str, title: str, actual: Json) -> tuple[LabelledRun, SampleStep]:
    story = LabelledRun(
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
    story.start("quote-in", {"sum": actual})
    over = condition("over", "$.sum", "is_greater_than", 5000, actual, matched=False)
    decision = story.artifact(
        "conditional_evaluation", "over-limit", routing([over], "output-json-else", None)
    )
    step = story.complete(
        "over-limit", {"sum": actual}, 0.1, only="output-json-else", artifact=decision
    )
    story.skip("Branch 'over' was not taken", "ask-manager")
    story.complete("accept-quote")
    return story, step


def _default_taken() -> Scenario:
    story, step = _routed("quote-by-default", "No condition held, and the default took it", 4999.5)
    return story.completed("default_branch", step)


def _compared_as_text() -> Scenario:
    story, step = _routed(
        "quote-as-text", "A sum in words is never over a limit in numbers", "EUR 81 000"
    )
    return story.completed("condition_types_differ", step)


def _split_vote() -> Scenario:
    story = _begin("letter-split-vote", "The readers voted two to one on the kind", "classifier")
    record = primitives.classification(
        story.stored,
        {"Policy": "A policy.", "Quote": "An offer."},
        [("Policy", "It has a number."), ("Policy", "It is signed."), ("Quote", "No start date.")],
        0.82,
    )
    made = story.artifact("classification", "read-policy", record)
    step = story.complete("read-policy", artifact=made, model=MODEL)
    story.complete("file-policy")
    return story.completed("votes_disagree", step)


def _rejected_by_a_person() -> Scenario:
    story = _begin("policy-rejected", "A person rejected the extraction; the run went on")
    output: Json = {"policy": "P-121", "premium": 77.0, "holder": "L. Brandt"}
    step = _read(story, output)
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
    story.skip("Not approved", "file-policy")
    return story.completed("review_rejected", step, reviews=(review,))


def _third_time_lucky() -> Scenario:
    story = _begin("filing-third-time", "Two failed tries hid behind the third")
    _read(story, {"policy": "P-122", "premium": 96.4, "holder": "L. Brandt"})
    call = story.call(
        "https://files.example.com/policies", (503, "busy"), (503, "busy"), (201, {"id": 7})
    )
    step = story.complete("file-policy", artifact=call, retry_count=2)
    return story.completed("failed_attempts", step)


def _slow_partner() -> Scenario:
    story = _begin("filing-slow", "A call that took most of the run, and no one said so")
    _read(story, {"policy": "P-123", "premium": 12.0, "holder": "A. Haile"})
    call = story.call("https://files.example.com/policies", (201, {"id": 8}), lasting=48.0)
    step = story.complete("file-policy", seconds=48.0, artifact=call)
    return story.completed("slow_step", step)


def _gave_up_quietly() -> Scenario:
    story = LabelledRun(
        "search-gave-up",
        "A loop ran out of turns and the run went on with what there was",
        (
            block("terms-in", "start_json", "Terms"),
            block("until-found", "while_loop", "Until found"),
            block("search-again", "function", "Search again", parent="until-found"),
            block("report-find", "api_call", "Report"),
        ),
        "terms-in > until-found > report-find",
    )
    story.start("terms-in", {"term": "lien"})
    began = story.now
    for number in range(4):
        story.complete("search-again", {"hits": 0}, 0.2, loops=(turn("until-found", number),))
    none = condition("found", "$.hits", "is_greater_than", 0, 0, matched=False)
    ended = story.artifact(
        "while_loop_termination",
        "until-found",
        {"termination_reason": "max_iterations_reached", "evaluations": [none]},
    )
    step = story.container("until-found", began, artifact=ended)
    story.complete("report-find")
    return story.completed("loop_limit", step)


def _lost_in_the_loop() -> Scenario:
    story = LabelledRun(
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
    story.start("lines-in", {"lines": 5})
    began = story.now
    for number in range(5):
        here = (turn("each-line", number),)
        if number == 3:
            step = story.fail("price-line", "KeyError: 'unit'", 0.1, loops=here)
        else:
            story.complete("price-line", {"price": 3.5}, 0.1, loops=here)
    story.container("each-line", began)
    story.complete("total-up", {"total": 14.0})
    return story.completed("failed_step", step)


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
