"""Ids are found in whatever a person pastes, and ids of another kind are refused helpfully."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.ids import (
    ARTIFACT,
    BLOCK,
    DOCUMENT,
    EXPERIMENT_RUN,
    RUN,
    STEP,
    WORKFLOW,
    IdKind,
    read_id,
    read_optional_id,
)

API = "https://api.retab.com/v1/workflows"


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("run_abc123", RUN, "run_abc123"),
        ('  "run_abc123" ', RUN, "run_abc123"),
        ("`run_abc123`", RUN, "run_abc123"),
        ("https://www.retab.com/dashboard/wrk_1/runs/run_abc?tab=steps", RUN, "run_abc"),
        ("https://elsewhere.example/x/run_abc#details", RUN, "run_abc"),
        ("https://www.retab.com/wrk_1?run_id=run_abc", RUN, "run_abc"),
        ("https://www.retab.com/wrk_1#run_id=run_abc", RUN, "run_abc"),
        ("/v1/workflows/runs/run_abc/steps/extract-1", RUN, "run_abc"),
        (f"{API}/runs/run_abc/steps/extract-1", STEP, "extract-1"),
        (f"{API}/steps/run_abc_block_x", STEP, "run_abc_block_x"),
        ("https://www.retab.com/runs/run_abc?block=block_x", STEP, "block_x"),
        ("run_abc_block_x", STEP, "run_abc_block_x"),
        ("mr1_iter_0_extract-1", STEP, "mr1_iter_0_extract-1"),
        ("exp_calc", BLOCK, "exp_calc"),
        (f"{API}/artifacts/extr_1", ARTIFACT, "extr_1"),
        ("https://api.retab.com/v1/extractions/extr_1", ARTIFACT, "extr_1"),
        ("some-new-artifact", ARTIFACT, "some-new-artifact"),
        (f"{API}/experiments/runs/exprun_1", EXPERIMENT_RUN, "exprun_1"),
        (f"{API}/wf_1/experiments/exp_1/runs/exprun_1/documents/expdoc_1", DOCUMENT, "expdoc_1"),
        ("https://www.retab.com/wf_9/runs/run_1", WORKFLOW, "wf_9"),
        ("a%2Fb", RUN, "a%2Fb"),
    ],
)
def test_the_id_is_found(text: str, kind: IdKind, found: str) -> None:
    assert read_id(text, kind) == found


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("", RUN, "run_id is empty"),
        ("  '' ", RUN, "run_id is empty"),
        ("https://www.retab.com/settings", RUN, "contains no run_id"),
        ("exprun_1", RUN, "the id of an experiment run"),
        (f"{API}/experiments/runs/exprun_1", RUN, "the id of an experiment run"),
        ("extr_1", RUN, "the id of an artifact"),
        ("run_1", EXPERIMENT_RUN, "the id of a run"),
        ("wrk_1", ARTIFACT, "the id of a workflow"),
        ("b" * 257, BLOCK, "block_id is longer than 256 characters"),
        (f"{API}/runs/run_{'1' * 256}", RUN, "run_id is longer than 256 characters"),
    ],
)
def test_other_text_is_refused(text: str, kind: IdKind, words: str) -> None:
    with pytest.raises(QuestionError) as refusal:
        read_id(text, kind)
    assert refusal.value.kind == "invalid_argument"
    assert words in refusal.value.message


def test_the_error_names_the_tool_that_takes_the_id() -> None:
    with pytest.raises(QuestionError) as refusal:
        read_id("exprun_1", RUN)
    assert refusal.value.hint == "get_experiment_run takes it as run_id."


def test_an_optional_id_may_be_empty() -> None:
    assert read_optional_id("  ", BLOCK) == ""
    assert read_optional_id(" block_1 ", BLOCK) == "block_1"


@given(st.text())
def test_any_text_is_an_id_or_refused(text: str) -> None:
    with contextlib.suppress(QuestionError):
        assert read_id(text, RUN)


@pytest.mark.parametrize(
    "text",
    [
        "please look at run_a1 today",
        "Why did run_a1 fail?",
        "It failed: https://app.example.com/w/wrk_1/runs/run_a1.",
        "run_a1 (again: run_a1)",
        "**run_a1** is red",
    ],
)
def test_an_id_inside_a_sentence_is_found(text: str) -> None:
    assert read_id(text, RUN) == "run_a1"


def test_several_ids_in_a_sentence_are_refused() -> None:
    with pytest.raises(QuestionError) as refused:
        read_id("compare run_a1 with run_b2", RUN)
    assert refused.value.facts == {"ids": ["run_a1", "run_b2"]}


def test_a_name_of_several_words_stays_as_it_is() -> None:
    assert read_id("Freight bookings of run day", WORKFLOW) == "Freight bookings of run day"
