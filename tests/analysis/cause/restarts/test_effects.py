"""What the API calls of a run changed, so that a restart does it again."""

from collections.abc import Callable
from typing import Any

import pytest

from retab_mcp.analysis.cause.restarts.effects import Effects, effects_of, first_names
from retab_mcp.models import Artifact, Block, Failure, Graph, StepSummary

Make = Callable[..., StepSummary]


def call(*attempts: dict[str, Any], **fields: Any) -> Artifact:
    return Artifact(
        **{
            "id": "a",
            "operation": "api_call_invocation",
            "data": {"attempts": list(attempts)},
            **fields,
        }
    )


def post(status: int | None, **fields: Any) -> dict[str, Any]:
    return {"request_method": "POST", "response_status": status, **fields}


def found(
    make_step: Make, *calls: tuple[str, Artifact | None], config: Any = None, **fields: Any
) -> Effects:
    steps = [
        make_step(name, n, step_id=f"s{n}", **{"type": "api_call", **fields})
        for n, (name, _) in enumerate(calls)
    ]
    records = {f"s{n}": each for n, (_, each) in enumerate(calls) if each is not None}
    graph = Graph(blocks=(Block(id="book", config=config),)) if config else None
    return effects_of(steps, records, graph)


def test_a_call_that_worked_is_sent_again(make_step: Make) -> None:
    assert found(make_step, ("book", call(post(503), post(201)))) == Effects(
        ("book got 201 for its POST, which a restart sends again",), ("book",), ()
    )


def test_calls_of_one_block_are_counted_with_the_first_status(make_step: Make) -> None:
    calls = [("book", call(post(201))), ("book", call(post(202)))]
    assert found(make_step, *calls).said == (
        "book has sent 2 POST requests (got 201), which a restart sends again",
    )


def test_what_surely_happened_comes_first_and_replaces_what_may_have(make_step: Make) -> None:
    calls = [
        ("mail", call(post(504))),
        ("book", call(post(504))),
        ("book", call(post(201))),
    ]
    assert found(make_step, *calls) == Effects(
        (
            "book got 201 for its POST, which a restart sends again",
            "mail's POST (504) may have taken effect",
        ),
        ("book", "mail"),
        (),
    )


def test_a_conflict_after_an_uncertain_attempt_speaks_for_its_effect(make_step: Make) -> None:
    (said,) = found(make_step, ("book", call(post(504), post(409)))).said
    assert said == "book's POST (504) may have taken effect: the next attempt got 409"
    (said,) = found(make_step, ("book", call(post(504), post(410)))).said
    assert said == "book's POST (504) may have taken effect"


@pytest.mark.parametrize("key", ["method", "http_method", "request_method"])
def test_without_a_record_the_configured_method_is_taken(make_step: Make, key: str) -> None:
    sent = found(make_step, ("book", None), config={key: "post"})
    assert sent == Effects(
        ("book has sent its POST, which a restart sends again",), ("book",), ("book",)
    )
    twice = found(make_step, ("book", None), ("book", None), config={key: "post"})
    assert twice.said == ("book has sent 2 POST requests, which a restart sends again",)
    assert twice.unknown == ("book",)
    assert found(make_step, ("book", None), config={key: "get"}) == Effects((), (), ())
    failed = found(make_step, ("book", None), config={key: "POST"}, status="error")
    assert failed == Effects((), (), ("book",))


def test_a_call_that_no_record_shows_is_unknown(make_step: Make) -> None:
    for record in (None, call(), call(post(201), operation="extraction")):
        assert found(make_step, ("book", record)) == Effects((), (), ("book",))
    silent = call({"response_status": 201})
    assert found(make_step, ("book", silent)).unknown == ("book",)
    assert found(make_step, ("book", call(failure=Failure(message="no")))) == Effects((), (), ())


def test_steps_that_never_ran_or_call_nothing_have_no_effect(make_step: Make) -> None:
    worked = call(post(201))
    assert found(make_step, ("book", worked), type="function") == Effects((), (), ())
    assert found(make_step, ("book", worked), started_at=None) == Effects((), (), ())
    assert found(make_step, ("book", call(post(400)))) == Effects((), (), ())


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["pay"], "pay"),
        (["pay", "tell"], "pay and tell"),
        (["pay", "tell", "log"], "pay and 2 more"),
        (["pay", "tell", "log", "end"], "pay and 3 more"),
    ],
)
def test_the_first_blocks_are_named(names: list[str], said: str) -> None:
    assert first_names(names) == said
