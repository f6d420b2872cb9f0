"""An error answer says what happened, of which kind, and what to do; nothing else."""

from typing import Any

import pydantic_core
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.answers.common.answer import OVERVIEW_BUDGET
from retab_mcp.answers.common.error_answer import describe_failure, fit_error
from retab_mcp.answers.common.hints import HINTS, HTTP_HINTS, UNAUTHORIZED_HINTS, hint_for
from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.models import ErrorKind
from retab_mcp.queries.errors import QuestionError
from retab_mcp.retab.errors import RetabError
from retab_mcp.settings import KeySource


def test_a_question_error_becomes_an_error_answer() -> None:
    error = QuestionError(
        ErrorKind.NOT_FOUND,
        "The run has no step x.",
        hint="Take one of these.",
        facts={"blocks": ["a"]},
    )
    assert describe_failure(error, {"run_id": "run_1", "step_id": "x", "path": "/a"}) == snapshot(
        {
            "error": "The run has no step x.",
            "kind": "not_found",
            "hint": "Take one of these.",
            "retryable": False,
            "run_id": "run_1",
            "step_id": "x",
            "blocks": ["a"],
        }
    )


def test_a_retab_error_becomes_an_error_answer() -> None:
    error = RetabError(
        ErrorKind.RATE_LIMITED, "Too many.", status=429, request_id="req_1", retry_after_s=7.0
    )
    assert describe_failure(error, {"run_id": "run_1"}) == snapshot(
        {
            "error": "Too many.",
            "kind": "rate_limited",
            "hint": "Wait, then call again with the same arguments.",
            "retryable": True,
            "retry_after_s": 7.0,
            "status": 429,
            "request_id": "req_1",
            "run_id": "run_1",
        }
    )


def test_a_question_error_names_the_request_behind_it() -> None:
    error = QuestionError(ErrorKind.NOT_FOUND, "There is no run x.")
    error.__cause__ = RetabError(ErrorKind.NOT_FOUND, "…", status=404, request_id="req_2")
    answer = describe_failure(error, {})
    assert (answer["status"], answer["request_id"]) == (404, "req_2")


def test_text_from_retab_is_not_passed_on() -> None:
    error = RetabError(ErrorKind.BAD_RESPONSE, "Unreadable.", detail="internal host db-7 said no")
    assert "db-7" not in str(describe_failure(error, {}))


def test_an_unexpected_exception_is_not_quoted() -> None:
    answer = describe_failure(KeyError("a secret"), {"run_id": "run_1"})
    assert "secret" not in str(answer)
    assert (answer["kind"], answer["retryable"]) == ("internal", False)


def test_every_kind_has_a_hint() -> None:
    kinds = {
        *("not_found", "unauthorized", "forbidden", "invalid_argument", "not_configured"),
        *("conflict", "unsupported", "rate_limited", "timeout", "unavailable"),
        *("bad_response", "too_large", "internal"),
    }
    assert set(HINTS) == kinds


def test_over_http_no_hint_asks_for_a_variable_or_a_restart_of_the_callers_own() -> None:
    for kind in ErrorKind:
        for source in (KeySource.HEADER, KeySource.KEYS_FILE):
            hint = hint_for(kind, source)
            assert "RETAB_" not in hint
            assert "restart" not in hint
    assert "header" in hint_for(ErrorKind.UNAUTHORIZED, KeySource.HEADER)
    assert "RETAB_API_KEY" in hint_for(ErrorKind.UNAUTHORIZED, KeySource.SHARED)
    assert "RETAB_API_KEY" in hint_for(ErrorKind.UNAUTHORIZED, KeySource.ENVIRONMENT)
    assert set(UNAUTHORIZED_HINTS) == set(KeySource) - {KeySource.ENVIRONMENT}
    assert set(HTTP_HINTS) < set(HINTS)


def test_text_that_cannot_be_an_id_is_not_repeated() -> None:
    error = QuestionError(ErrorKind.INVALID_ARGUMENT, "run_id must be text.")
    given: dict[str, Any] = {"run_id": ["run_1"], "step_id": "x" * 257, "block_id": "b" * 256}
    answer = describe_failure(error, given)
    assert not {"run_id", "step_id"} & set(answer)
    assert answer["block_id"] == "b" * 256


def test_a_usual_error_answer_is_not_cut() -> None:
    error = QuestionError(
        ErrorKind.NOT_FOUND, "The run has no step x.", facts={"blocks": ["a", "b"]}
    )
    answer = describe_failure(error, {"run_id": "run_1"})
    assert fit_error(answer) == answer


@given(st.text(max_size=20_000), st.lists(st.text(max_size=5_000), max_size=30))
def test_an_error_answer_is_short_even_with_long_ids(name: str, children: list[str]) -> None:
    error = QuestionError(ErrorKind.NOT_FOUND, f"There is no {name}.", facts={"children": children})
    answer = fit_error(describe_failure(error, {"run_id": "run_1"}))
    assert estimate_tokens(pydantic_core.to_json(answer).decode()) < OVERVIEW_BUDGET
    assert (answer["kind"], answer["run_id"]) == ("not_found", "run_1")
    assert isinstance(answer["error"], str)
