"""Arguments: null means omitted; invalid ones are refused with what is valid."""

from typing import Any

import pytest

from retab_mcp.answers.common.arguments import check_arguments
from retab_mcp.queries.errors import QuestionError
from retab_mcp.server import build_server
from retab_mcp.settings import Settings


def check(tool_name: str, given: dict[str, Any]) -> dict[str, Any]:
    server = build_server(Settings())
    tool = server._tools[tool_name]
    return check_arguments(tool.fn_metadata.arg_model, tool.parameters, given)


def refusal(tool_name: str, given: dict[str, Any]) -> QuestionError:
    with pytest.raises(QuestionError) as caught:
        check(tool_name, given)
    assert caught.value.kind == "invalid_argument"
    return caught.value


def test_defaults_are_filled_in() -> None:
    assert check("list_steps", {"run_id": "run_1"}) == {
        "run_id": "run_1",
        "status": "",
        "block_type": "",
        "block_id": "",
        "limit": 50,
        "cursor": "",
    }


def test_null_means_omitted() -> None:
    assert check("list_steps", {"run_id": "run_1", "limit": None, "status": None})["limit"] == 50


def test_a_number_as_text_is_accepted() -> None:
    assert check("list_steps", {"run_id": "run_1", "limit": "7"})["limit"] == 7


def test_an_unknown_argument_is_refused_and_the_valid_ones_named() -> None:
    caught = refusal("get_step", {"run_id": "run_1", "step": "s", "runId": "x"})
    assert caught.message == "Unknown argument: runId, step."
    assert caught.hint == "Valid arguments: run_id, step_id, path."


def test_a_missing_argument_is_named() -> None:
    caught = refusal("get_step", {"path": "/x"})
    assert "run_id is required" in caught.message
    assert "step_id is required" in caught.message


def test_null_for_a_required_argument_is_missing() -> None:
    assert "run_id is required" in refusal("get_run", {"run_id": None}).message


@pytest.mark.parametrize("limit", [0, -1, 201, 10**30])
def test_a_number_out_of_range_is_refused_with_the_range(limit: int) -> None:
    caught = refusal("list_steps", {"run_id": "run_1", "limit": limit})
    assert caught.message == "limit must be between 1 and 200."


@pytest.mark.parametrize("limit", ["many", 1.5, [], {}])
def test_a_wrong_type_is_refused(limit: object) -> None:
    caught = refusal("list_steps", {"run_id": "run_1", "limit": limit})
    assert caught.message == "limit must be a whole number."


@pytest.mark.parametrize("run_id", [7, ["run_1"], {"id": "run_1"}, True])
def test_an_id_that_is_not_text_is_refused_and_not_repeated(run_id: object) -> None:
    assert refusal("get_run", {"run_id": run_id}).message == "run_id must be text."
