"""Which routes are tried, in which order, and what is remembered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.models import Operation
from retab_mcp.retab import generations
from retab_mcp.retab.generations import Memory, operation_of_id, wire_operations
from tests.retab.wires import GENERATIONS

ME = ("https://api.retab.com", "fingerprint")
SOMEONE = ("https://api.retab.com", "another")
RESOURCES = ["steps", "artifact", "experiment_job", "graph"]


@pytest.mark.parametrize(
    ("generation", "steps", "artifact", "job"),
    [
        ("g1", "nested", "primitive", "nested"),
        ("g2a", "nested", "primitive", "nested"),
        ("g2b", "nested", "by_operation", "nested"),
        ("g2c", "nested", "by_operation", "result_of_run"),
        ("g2d", "flat", "by_id", "flat"),
        ("g2e", "flat", "by_id", "flat"),
        ("g3", "flat", "by_id", "flat"),
    ],
)
def test_the_shape_of_a_run_decides(generation: str, steps: str, artifact: str, job: str) -> None:
    memory = Memory()
    assert memory.order(ME, "steps", generation)[0] == steps
    assert memory.order(ME, "artifact", generation)[0] == artifact
    assert memory.order(ME, "experiment_job", generation)[0] == job


def test_newest_first_when_nothing_is_known() -> None:
    memory = Memory()
    assert memory.order(ME, "artifact") == ("by_id", "by_operation", "primitive")
    assert memory.order(ME, "artifact", "g9") == ("by_id", "by_operation", "primitive")


def test_what_worked_comes_first_and_the_rest_is_still_tried() -> None:
    memory = Memory()
    memory.remember(ME, "artifact", "primitive")
    assert memory.order(ME, "artifact") == ("primitive", "by_id", "by_operation")
    assert memory.order(SOMEONE, "artifact")[0] == "by_id"
    assert memory.order(ME, "artifact", "g2b")[0] == "by_operation"


def test_a_run_that_was_read_helps_with_everything_else() -> None:
    memory = Memory()
    memory.remember_run(ME, "g2c")
    assert memory.order(ME, "experiment_job")[0] == "result_of_run"
    assert memory.order(SOMEONE, "experiment_job")[0] == "flat"


@given(st.sampled_from(RESOURCES), st.none() | st.sampled_from(GENERATIONS))
def test_every_family_is_tried_once(resource: generations.Resource, generation: str | None) -> None:
    order = Memory().order(ME, resource, generation)
    assert sorted(order) == sorted(set(order))
    assert set(order) == set(Memory().order(ME, resource))


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generations, "MAX_REMEMBERED_CALLERS", 2)
    memory = Memory()
    for number in range(50):
        memory.remember_run(("url", str(number)), "g1")
        memory.remember(("url", str(number)), "graph", "nested")
    assert memory.order(("url", "0"), "steps")[0] == "flat"
    assert memory.order(("url", "0"), "graph")[0] == "version"
    assert memory.order(("url", "49"), "steps")[0] == "nested"
    assert memory.order(("url", "49"), "graph")[0] == "nested"


def test_shape_that_two_generations_sent_is_found_out_once() -> None:
    memory = Memory()
    assert memory.order(ME, "steps", "g2c")[0] == "nested"
    memory.remember(ME, "steps", "flat", "g2c")
    assert memory.order(ME, "steps", "g2c")[0] == "flat"
    assert memory.order(ME, "steps", "g2b")[0] == "nested"
    assert memory.order(ME, "steps")[0] == "flat"


@pytest.mark.parametrize(
    ("artifact_id", "operation"),
    [
        ("extr_1", "extraction"),
        ("ext_1", "extraction"),
        ("splt_1", "split"),
        ("spl_1", "split"),
        ("clss_1", "classification"),
        ("prs_1", "parse"),
        ("edt_1", "edit"),
        ("prtn_1", "partition"),
        ("prt_1", "partition"),
        ("ceval_1", "conditional_evaluation"),
        ("heval_1", "review_trigger_evaluation"),
        ("fninv_1", "function_invocation"),
        ("func_1", "function_invocation"),
        ("zzz_1", None),
        ("extr", None),
        ("", None),
    ],
)
def test_operation_of_id(artifact_id: str, operation: str | None) -> None:
    assert operation_of_id(artifact_id) == operation


def test_words_of_the_wire() -> None:
    assert wire_operations("split") == ("split",)
    assert wire_operations("review_trigger_evaluation")[0] == "hil_evaluation"


def test_error_for_an_unknown_operation_names_the_known_ones() -> None:
    error = generations.operation_missing()
    assert error.kind == "invalid_argument"
    assert all(word in error.message for word in Operation)
