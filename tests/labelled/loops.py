"""Failures in loops: the step of an iteration is the cause, not the loop around it."""

from retab_mcp.sandbox.builder.artifacts import condition
from retab_mcp.sandbox.builder.graph import block
from retab_mcp.sandbox.builder.run import turn
from retab_mcp.sandbox.records import SampleFailure
from tests.labelled.scenario import EVERY_SHAPE, LabelledRun, Scenario

ITEMS = 8


def _letters(name: str, title: str) -> LabelledRun:
    build = LabelledRun(
        name,
        title,
        (
            block("bundle-in", "start_json", "Bundle"),
            block("every-letter", "for_each", "Every letter"),
            block("address-letter", "function", "Address", parent="every-letter"),
            block("frank-letter", "api_call", "Frank", parent="every-letter"),
            block("close-bundle", "api_call", "Close the bundle"),
        ),
        "bundle-in > every-letter > close-bundle",
        "address-letter > frank-letter",
    )
    build.start("bundle-in", {"letters": ITEMS})
    return build


def _one_of_many() -> Scenario:
    build = _letters("letter-five", "The sixth of eight letters has no country; the loop is named")
    began = build.now
    for number in range(ITEMS):
        here = (turn("every-letter", number),)
        country = None if number == 5 else "FR"
        build.complete("address-letter", {"country": country}, 0.1, loops=here)
        if number != 5:
            build.complete("frank-letter", {"franked": True}, 0.1, loops=here)
            continue
        body = {"violations": [{"propertyPath": "country", "message": "not a valid country"}]}
        call = build.call("https://post.example.com/labels", (422, body))
        cause = build.fail("frank-letter", "Request unsuccessful", loops=here, artifact=call)
    loop = build.container(
        "every-letter",
        began,
        status="error",
        failure=SampleFailure(message="Loop ended: an item failed"),
    )
    build.skip("Upstream block 'every-letter' failed", "close-bundle")
    return build.ended_in_error("called_api_refused", cause, 2, hint=loop)


def _side_by_side() -> Scenario:
    build = _letters(
        "letters-side-by-side",
        "All letters at once; in one the second block fell after the first, and is named",
    )
    began = build.now
    for number in range(ITEMS):
        here = (turn("every-letter", number, parallel=True),)
        build.now = began + 0.01 * number
        if number != 2:
            build.complete("address-letter", {"country": "FR"}, 0.5, loops=here)
            build.complete("frank-letter", {"franked": True}, 0.3, loops=here)
            continue
        cause = build.fail(
            "address-letter", "AttributeError: 'list' object has no attribute 'split'", loops=here
        )
        fallen = build.fail(
            "frank-letter", "No payload on the input", 0.1, stage="input_collection", loops=here
        )
    build.container(
        "every-letter", began, status="error", failure=SampleFailure(message="1 item failed")
    )
    build.skip("Upstream block 'every-letter' failed", "close-bundle")
    return build.ended_in_error(
        "function_exception", cause, 3, hint=fallen, generations=EVERY_SHAPE
    )


def _nine_hundred_steps() -> Scenario:
    build = LabelledRun(
        "meter-two-hundred",
        "Three hundred meters, three steps each; one reading is from the future",
        (
            block("meters-in", "start_json", "Meters"),
            block("per-meter", "for_each", "Per meter"),
            block("fetch-reading", "api_call", "Fetch", parent="per-meter"),
            block("check-reading", "function", "Check", parent="per-meter"),
            block("bill-reading", "function", "Bill", parent="per-meter"),
        ),
        "meters-in > per-meter",
        "fetch-reading > check-reading > bill-reading",
    )
    build.start("meters-in", {"meters": 300})
    began = build.now
    for number in range(300):
        here = (turn("per-meter", number),)
        build.complete("fetch-reading", {"kwh": number}, 0.05, loops=here)
        if number != 211:
            build.complete("check-reading", {"kwh": number}, 0.01, loops=here)
            build.complete("bill-reading", {"sum": number * 0.3}, 0.01, loops=here)
            continue
        cause = build.fail("check-reading", "AssertionError: read on 2027-01-03", loops=here)
        build.step(
            "bill-reading", 0.0, status="skipped", reason="Parent did not complete", loops=here
        )
    loop = build.container(
        "per-meter", began, status="error", failure=SampleFailure(message="1 of 300 failed")
    )
    return build.ended_in_error("function_exception", cause, 2, hint=loop)


def _loop_that_forgave() -> Scenario:
    build = _letters(
        "loop-that-forgave",
        "A tolerated failure in a loop; the step that ended the run came later and is not named",
    )
    began = build.now
    for number in range(ITEMS):
        here = (turn("every-letter", number),)
        build.complete("address-letter", {"country": "FR"}, 0.1, loops=here)
        if number != 3:
            build.complete("frank-letter", {"franked": True}, 0.1, loops=here)
            continue
        forgiven = build.fail("frank-letter", "422 Client Error: Unprocessable", loops=here)
    build.container("every-letter", began)
    call = build.call("https://post.example.com/bundles/close", (503, "scheduled downtime"))
    cause = build.fail("close-bundle", "Request unsuccessful", artifact=call)
    return build.ended_in_error(
        "called_api_down", cause, hint=forgiven, message="Workflow did not complete"
    )


def _floor_by_floor() -> Scenario:
    build = LabelledRun(
        "floor-by-floor",
        "Rooms within floors: the third room of the second floor, and only loops are named",
        (
            block("survey-in", "start_json", "Survey"),
            block("each-floor", "for_each", "Each floor"),
            block("each-room", "for_each", "Each room", parent="each-floor"),
            block("measure-room", "function", "Measure", parent="each-room"),
            block("sum-floor", "function", "Sum up", parent="each-floor"),
            block("send-survey", "api_call", "Send"),
        ),
        "survey-in > each-floor > send-survey",
        "each-room > sum-floor",
    )
    build.start("survey-in", {"floors": 3})
    outer_began = build.now
    for floor in range(2):
        inner_began = build.now
        here = (turn("each-floor", floor),)
        for room in range(4):
            there = (*here, turn("each-room", room))
            if (floor, room) == (1, 2):
                cause = build.fail(
                    "measure-room", "ValueError: negative area -12.5", 0.1, loops=there
                )
                break
            build.complete("measure-room", {"area": 20.0 + room}, 0.1, loops=there)
        if floor == 0:
            build.container("each-room", inner_began, loops=here)
            build.complete("sum-floor", {"area": 86.0}, 0.1, loops=here)
            continue
        build.container(
            "each-room",
            inner_began,
            loops=here,
            status="error",
            failure=SampleFailure(message="Iteration failed"),
        )
    loop = build.container(
        "each-floor", outer_began, status="error", failure=SampleFailure(message="Iteration failed")
    )
    build.skip("Upstream block 'each-floor' failed", "send-survey")
    return build.ended_in_error("function_exception", cause, 3, hint=loop, generations=EVERY_SHAPE)


def _balancing(name: str, title: str) -> tuple[LabelledRun, float]:
    build = LabelledRun(
        name,
        title,
        (
            block("books-in", "start_json", "Books"),
            block("until-balanced", "while_loop", "Until balanced"),
            block("shift-entry", "function", "Shift an entry", parent="until-balanced"),
            block("sign-books", "api_call", "Sign"),
        ),
        "books-in > until-balanced > sign-books",
    )
    build.start("books-in", {"difference": 0.03})
    began = build.now
    for number in range(6):
        here = (turn("until-balanced", number),)
        build.complete("shift-entry", {"difference": 0.03}, 0.2, loops=here)
    return build, began


def _never_balanced() -> Scenario:
    build, began = _balancing("never-balanced", "A loop that its condition never let out")
    never = condition("balanced", "$.difference", "is_equal_to", 0, 0.03, matched=False)
    ended = build.artifact(
        "while_loop_termination",
        "until-balanced",
        {"termination_reason": "max_iterations_reached", "evaluations": [never]},
    )
    cause = build.container(
        "until-balanced",
        began,
        status="error",
        failure=SampleFailure(message="Loop did not come to an end"),
        artifact=ended,
    )
    build.skip("Not reached", "sign-books")
    return build.ended_in_error("loop_limit", cause, 1, hint=None)


def _never_balanced_in_words() -> Scenario:
    build, began = _balancing("never-balanced-message", "The same, described in the message only")
    cause = build.container(
        "until-balanced",
        began,
        status="error",
        failure=SampleFailure(
            message="Gave up after 6 iterations: exit condition still false", stage="execution"
        ),
    )
    build.skip("Not reached", "sign-books")
    return build.ended_in_error("loop_limit", cause, 1, hint=cause, generations=EVERY_SHAPE)


def scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios of this file."""
    return (
        _one_of_many(),
        _side_by_side(),
        _nine_hundred_steps(),
        _loop_that_forgave(),
        _floor_by_floor(),
        _never_balanced(),
        _never_balanced_in_words(),
    )
