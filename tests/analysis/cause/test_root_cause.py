"""The root cause, whatever the order of steps, their names and the API's hint."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.analysis.cause.choice.candidates import failed_on_their_own
from retab_mcp.analysis.cause.failure_kinds import NO_STEP_SUGGESTION
from retab_mcp.analysis.cause.root_cause import RootCause, find_cause, with_record
from retab_mcp.analysis.lineage.dependencies import PassedOn
from retab_mcp.models import (
    Artifact,
    Block,
    Edge,
    ErrorDetails,
    Failure,
    Graph,
    Run,
    StepPayload,
    StepSummary,
)

Make = Callable[..., StepSummary]


def _run(status: str = "error", message: str = "", **fields: Any) -> Run:
    failure = Failure(message=message) if message else None
    return Run(id="run_1", generation="g3", status=status, failure=failure, **fields)


def _graph(*edges: tuple[str, str], inside: dict[str, str] | None = None) -> Graph:
    """Return a graph of these edges; `inside` maps blocks to their containers."""
    parents = inside or {}
    names = {name for edge in edges for name in edge} | set(parents) | set(parents.values())
    return Graph(
        blocks=tuple(Block(id=name, parent_id=parents.get(name)) for name in sorted(names)),
        edges=tuple(Edge(source=source, target=target) for source, target in edges),
    )


def _named(cause: RootCause | None) -> str | None:
    assert cause is not None
    return cause.step.block_id if cause.step else None


@pytest.mark.parametrize("status", ["completed", "running", "queued", "pending"])
def test_run_without_failure_has_no_cause(status: str, make_step: Make) -> None:
    assert find_cause(_run(status), [make_step("a", error="tolerated")]) is None


def test_the_only_failed_step_is_the_cause_whatever_the_hint_says(make_step: Make) -> None:
    steps = [make_step("a", 0), make_step("b", 1, error="boom"), make_step("c", 2)]
    cause = find_cause(_run(failing_step_id="step_c"), steps)
    assert cause is not None
    assert (_named(cause), cause.message, cause.reasons[0]) == (
        "b",
        "boom",
        "the only failed step",
    )


def test_failure_downstream_in_the_graph_is_a_consequence(make_step: Make) -> None:
    steps = [
        make_step(
            "merge", 0, error="no value on input-json-1"
        ),  # started early and waited for both
        make_step("read", 1, error="the PDF is damaged"),
        make_step("left", 1),
        make_step("mail", None, status="skipped", reason="upstream failed"),
        make_step("other", None, status="skipped", reason="Branch 'b' was not taken"),
    ]
    graph = _graph(("read", "merge"), ("left", "merge"), ("merge", "mail"), ("merge", "other"))
    cause = find_cause(_run(failing_step_id="step_merge"), steps, graph)
    assert cause is not None
    assert _named(cause) == "read"
    assert cause.downstream == ("step_merge", "step_mail")
    assert cause.reasons[0] == "the first failed step in the executed graph"
    assert cause.others == ()


def test_independent_failures_are_other_failures(make_step: Make) -> None:
    steps = [
        make_step("side", 0, error="mail bounced"),
        make_step("main", 1, error="503"),
        make_step("after", 2, error="input missing"),
    ]
    cause = find_cause(_run(), steps, _graph(("main", "after"), ("start", "side")))
    assert cause is not None
    assert (_named(cause), cause.downstream, cause.others) == (
        "main",
        ("step_after",),
        ("step_side",),
    )


def test_run_message_selects_one_of_independent_failures(make_step: Make) -> None:
    steps = [make_step("a", 0, error="first"), make_step("b", 5, error="second")]
    graph = _graph(("start", "a"), ("start", "b"))
    assert _named(find_cause(_run(), steps, graph)) == "a"
    assert _named(find_cause(_run(message="second"), steps, graph)) == "b"


def test_the_hint_decides_only_between_equals(make_step: Make) -> None:
    steps = [make_step("a", 0, error="x"), make_step("b", 0, error="y")]
    assert _named(find_cause(_run(failing_step_id="step_b"), steps)) == "b"
    steps = [make_step("a", 0, error="x"), make_step("b", 9, error="y")]
    assert _named(find_cause(_run(failing_step_id="step_b"), steps)) == "a"


def test_without_graph_missing_input_depends_on_earlier_failure(make_step: Make) -> None:
    steps = [
        make_step("merge", 0, error="Missing required input", stage="input_collection"),
        make_step("read", 3, error="boom"),
    ]
    # It ended before the other, so it did not wait for it.
    assert _named(find_cause(_run(), steps)) == "merge"
    waited = make_step("merge", 0, 5, error="Missing required input")
    assert _named(find_cause(_run(failing_step_id="step_merge"), [waited, steps[1]])) == "read"
    late = make_step("merge", 4, error="Missing required input")
    cause = find_cause(_run(failing_step_id="step_merge"), [late, steps[1]])
    assert cause is not None
    assert (_named(cause), cause.downstream) == ("read", ("step_merge",))


def test_without_graph_files_passed_on_decide(make_step: Make) -> None:
    def file(name: str) -> dict[str, Any]:
        return {"out": {"type": "file", "document": {"id": name}}}

    split = make_step("split", 5, error="could not cut")
    middle = make_step("middle", 6)
    extract = make_step("extract", 1, 9, error="nothing to read")
    passed = PassedOn(
        [
            (split, StepPayload(handle_outputs=file("file_1"))),
            (middle, StepPayload(handle_inputs=file("file_1"), handle_outputs=file("file_2"))),
            (extract, StepPayload(handle_inputs=file("file_2"))),
        ]
    )
    assert passed.any_known
    assert not PassedOn([(split, StepPayload(handle_inputs=file("file_1")))]).any_known
    cause = find_cause(_run(), [extract, middle, split], passed_on=passed)
    assert cause is not None
    assert _named(cause) == "split"
    assert (
        cause.reasons[0] == "the first failed step by the files that steps passed on, then by time"
    )


def test_a_loop_fails_because_of_the_step_inside(make_step: Make) -> None:
    steps = [
        make_step("each", 0, 50, type="for_each", error="1 of 3 failed"),
        make_step("work", 5, loops=(("each", 0),)),
        make_step("work", 8, error="KeyError: 'x'", loops=(("each", 1),)),
        make_step("send", None, status="skipped", reason="Upstream block 'each' failed"),
    ]
    graph = _graph(("each", "send"), inside={"work": "each"})
    cause = find_cause(_run(message="1 of 3 failed", failing_step_id="step_each"), steps, graph)
    assert cause is not None
    assert cause.step is not None
    assert cause.step.step_id == "step_each_1_work"
    assert cause.downstream == ("step_each", "step_send")


def test_iterations_of_a_for_each_do_not_depend_on_each_other(make_step: Make) -> None:
    steps = [
        make_step("read", 0, error="damaged", loops=(("each", 0),)),
        make_step("price", 1, error="no input", loops=(("each", 0),)),
        make_step("price", 2, error="KeyError: 'x'", loops=(("each", 1),)),
    ]
    graph = _graph(("read", "price"), inside={"read": "each", "price": "each"})
    cause = find_cause(_run(), steps, graph)
    assert cause is not None
    assert cause.downstream == ("step_each_0_price",)
    assert cause.others == ("step_each_1_price",)


def test_without_graph_iterations_are_independent_except_in_while_loops(make_step: Make) -> None:
    def steps(container_type: str) -> list[StepSummary]:
        return [
            make_step("loop", 0, type=container_type),
            make_step("read", 1, error="damaged", loops=(("loop", 0),), type="parse"),
            make_step("read", 2, error="missing input", loops=(("loop", 1),), type="parse"),
        ]

    each = find_cause(_run(), steps("for_each"))
    rounds = find_cause(_run(), steps("while_loop"))
    assert each is not None
    assert rounds is not None
    assert (each.downstream, each.others) == ((), ("step_loop_1_read",))
    assert (rounds.downstream, rounds.others) == (("step_loop_1_read",), ())


def test_time_for_thousands_of_failures_is_not_quadratic(make_step: Make) -> None:
    steps = [make_step("a", n, error="x", loops=(("each", n),)) for n in range(4000)]
    start = time.process_time()
    cause = find_cause(_run(), steps, _graph(("each", "end"), inside={"a": "each"}))
    assert time.process_time() - start < 5
    assert cause is not None
    assert len(cause.others) == 3999


def test_siblings_in_a_loop_do_not_depend_on_each_other(make_step: Make) -> None:
    steps = [
        make_step("a", 0, error="x", loops=(("each", 0),)),
        make_step("b", 1, error="y", loops=(("each", 0),)),
    ]
    graph = _graph(("each", "a"), ("each", "b"), inside={"a": "each", "b": "each"})
    cause = find_cause(_run(), steps, graph)
    assert cause is not None
    assert cause.others == ("step_each_0_b",)


def test_failure_that_a_loop_tolerated_is_not_the_cause(make_step: Make) -> None:
    steps = [
        make_step("each", 0, 10, type="for_each"),
        make_step("work", 1, error="bad row", loops=(("each", 0),)),
        make_step("send", 20, error="503"),
    ]
    assert _named(find_cause(_run(), steps, _graph(("each", "send"), inside={"work": "each"}))) == (
        "send"
    )
    assert [step.block_id for step in failed_on_their_own(steps[:2])] == ["work"]


def test_a_run_that_failed_before_any_step(make_step: Make) -> None:
    run = _run()
    run = run.model_copy(
        update={"failure": Failure(message="the file is encrypted", stage="document_fetch")}
    )
    cause = find_cause(run, [])
    assert cause is not None
    assert (cause.step, cause.kind, cause.stage) == (None, "document_unreadable", "document_fetch")
    named = run.model_copy(
        update={"failure": Failure(message="x", details=ErrorDetails(block_id="a"))}
    )
    assert _named(find_cause(named, [make_step("a")])) == "a"
    unclear = run.model_copy(update={"failure": Failure(message="Could not be started")})
    cause = find_cause(unclear, [])
    assert cause is not None
    assert (cause.kind, cause.suggestion) == ("unknown", NO_STEP_SUGGESTION)


def test_empty_message_is_replaced_by_the_run_message(make_step: Make) -> None:
    cause = find_cause(_run(message="out of credits"), [make_step("a", error="")])
    assert cause is not None
    assert (cause.message, cause.kind) == ("out of credits", "credits_exhausted")


def test_waiting_names_the_step_that_waits(make_step: Make) -> None:
    steps = [make_step("a", 0), make_step("check", 1, status="awaiting_review", label="Check it")]
    cause = find_cause(_run("awaiting_review"), steps)
    assert cause is not None
    assert (_named(cause), cause.kind, cause.message) == (
        "check",
        "waiting_for_review",
        "waiting for the review of Check it",
    )
    unseen = find_cause(_run("awaiting_review", waiting_for_block_ids=("check",)), [])
    assert unseen is not None
    assert (unseen.step, unseen.message) == (None, "waiting for the review of check")


def test_cancelled_says_why_and_where(make_step: Make) -> None:
    steps = [
        make_step("a", 0, error="503"),
        make_step("b", 2, status="cancelled"),
        make_step("c", None, status="cancelled"),
    ]
    cause = find_cause(_run("cancelled", reason="wrong document"), steps)
    assert cause is not None
    assert (_named(cause), cause.kind, cause.message) == ("b", "cancelled", "wrong document")
    assert (cause.downstream, cause.others) == (("step_c",), ("step_a",))


def test_an_unknown_status_with_a_failed_step_has_a_cause(make_step: Make) -> None:
    assert _named(find_cause(_run("exploded"), [make_step("a", error="x")])) == "a"


def test_artifact_adds_evidence_and_decides_the_kind_again(make_step: Make) -> None:
    step = make_step("call", type="api_call", error="call failed")
    cause = find_cause(_run(), [step])
    assert cause is not None
    assert cause.kind == "unknown"
    attempt = {
        "attempt_number": 2,
        "request_method": "POST",
        "request_url": "https://erp.example.com/orders?key=1",
        "response_status": 503,
        "response_body": {"message": "down until 15:00"},
        "duration_ms": 310,
    }
    artifact = Artifact(id="a", operation="api_call_invocation", data={"attempts": [attempt]})
    found = with_record(cause, artifact)
    assert found.kind == "called_api_down"
    assert found.message == "down until 15:00"
    assert found.reasons == (
        "the only failed step",
        'the step itself only says "call failed"',
        "the last attempt was answered with 503",
    )
    assert found.evidence == snapshot(
        {
            "attempts": 1,
            "method": "POST",
            "url": "erp.example.com/orders",
            "status": 503,
            "duration_ms": 310,
            "response_body": {"message": "down until 15:00"},
        }
    )


def test_evidence_of_a_waiting_run_leaves_its_kind(make_step: Make) -> None:
    cause = find_cause(_run("awaiting_review"), [make_step("check", status="awaiting_review")])
    assert cause is not None
    data = {
        "evaluations": [
            {"path": "$.total", "operator": "is_empty", "actual": None, "matched": True},
            {"path": "$.date", "operator": "is_empty", "actual": "x", "matched": False},
        ]
    }
    found = with_record(cause, Artifact(id="a", operation="review_trigger_evaluation", data=data))
    assert found.kind == "waiting_for_review"
    assert found.evidence == snapshot(
        {
            "triggered_by": [
                {"path": "$.total", "operator": "is_empty", "actual": None, "matched": True}
            ]
        }
    )


# A chain into a diamond: s -> a -> (b, c) -> d -> e, with a separate side branch s -> x.
EDGES = [("s", "a"), ("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "e"), ("s", "x")]
BLOCKS = ["s", "a", "b", "c", "d", "e", "x"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120)
@given(
    failing=st.sets(st.sampled_from(BLOCKS[1:]), min_size=1),
    order=st.permutations(range(len(BLOCKS))),
    names=st.permutations(["block_1", "timeout", "zz", "Missing input", "aa", "9", "storage"]),
    hint=st.none() | st.sampled_from(BLOCKS),
)
def test_names_labels_order_and_hints_never_change_the_verdict(
    make_step: Make, failing: set[str], order: list[int], names: list[str], hint: str | None
) -> None:
    def steps(name: dict[str, str]) -> list[StepSummary]:
        return [
            make_step(
                name[block],
                at,
                error=f"{name[block]} failed: KeyError" if block in failing else None,
                label=name[block].upper(),
            )
            for at, block in enumerate(BLOCKS)
        ]

    def graph(name: dict[str, str]) -> Graph:
        return _graph(*((name[source], name[target]) for source, target in EDGES))

    plain = {block: block for block in BLOCKS}
    renamed = dict(zip(BLOCKS, names, strict=True))
    first = find_cause(_run(), steps(plain), graph(plain))
    shuffled = [steps(renamed)[place] for place in order]
    hinted = _run(failing_step_id=f"step_{renamed[hint]}" if hint else None)
    second = find_cause(hinted, shuffled, graph(renamed))
    assert first is not None
    assert second is not None
    assert _named(second) == renamed[_named(first) or ""]
    assert second.kind == first.kind
    assert second.downstream == tuple(
        f"step_{renamed[step_id.removeprefix('step_')]}" for step_id in first.downstream
    )


def test_a_cancelled_run_says_what_failed_before_and_whether_a_reason_is_known(
    make_step: Make,
) -> None:
    steps = [
        make_step("book", 0, error="refused"),
        make_step("mail", 1, status="cancelled"),
        make_step("print", 2, status="cancelled"),
    ]
    run = Run(id="run_1", generation="g3", status="cancelled")
    found = find_cause(run, steps)
    assert found is not None
    assert found.reasons == (
        "the run's status is cancelled",
        "neither the run nor a step says why",
        "book had failed before the run ended",
    )
    assert (found.downstream, found.others) == (("step_print",), ("step_book",))
    told = find_cause(run.model_copy(update={"reason": "duplicate"}), steps[1:])
    assert told is not None
    assert (told.message, told.reasons) == ("duplicate", ("the run's status is cancelled",))


def test_the_run_completes_what_its_step_says(make_step: Make) -> None:
    details = ErrorDetails(message="HTTP 503", error_code="E7", block_id="book")
    failure = Failure(
        message="Service down", stage="execution", category="transient", details=details
    )
    run = Run(id="run_1", generation="g3", status="error", failure=failure)
    for step in (
        make_step("book", error=""),
        make_step("book", error="Step failed"),
    ):
        found = find_cause(run, [step])
        assert found is not None
        assert (found.message, found.stage, found.category) == (
            *("Service down", "execution", "transient"),
        )
        assert found.details == details
    own = make_step("book", error="No host x", stage="document_fetch")
    found = find_cause(run, [own])
    assert found is not None
    assert (found.message, found.stage, found.category, found.details) == (
        *("No host x", "document_fetch", None, None),
    )
