"""The part of a block's configuration that matters to a failure, and the place to change."""

from typing import Any

import pytest

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.configuration.as_it_ran import ConfigPart, config_part, with_config
from retab_mcp.models import Block, FailureKind, Graph, StepSummary

STEP = StepSummary(run_id="run_1", step_id="s", block_id="b", label="Post it", status="error")


def cause_of(message: str = "", **evidence: Any) -> RootCause:
    return RootCause(
        step=STEP,
        message=message,
        stage=None,
        category=None,
        kind=FailureKind.UNKNOWN,
        suggestion="Look.",
        reasons=(),
        evidence=evidence,
    )


def graph_of(block_type: str, config: dict[str, Any], version: str | None = "v1") -> Graph:
    blocks = (Block(id="a", type=block_type), Block(id="b", type=block_type, config=config))
    return Graph(version_id=version, blocks=blocks)


def part(block_type: str, config: dict[str, Any], message: str = "") -> ConfigPart | None:
    return config_part(graph_of(block_type, config), STEP, cause_of(message))


@pytest.mark.parametrize(
    ("block_type", "config", "place"),
    [
        ("conditional", {"branches": ["x"], "conditions": ["y"]}, "branches and conditions"),
        ("merge_dicts", {"precedence": "first"}, "precedence"),
        ("for_each", {"max_items": 5}, "max_items"),
        ("while_loop", {"max_iterations": 3, "exit_when": "done"}, "max_iterations and exit_when"),
        ("classifier", {"categories": [{"name": "A"}]}, "categories"),
        ("split", {"subdocuments": [{"name": "A"}]}, "subdocuments"),
    ],
)
def test_the_keys_that_decide_are_shown_and_are_the_place_to_change(
    block_type: str, config: dict[str, Any], place: str
) -> None:
    others = {"position": {"x": 1}, "model": "m"}
    assert part(block_type, others | config) == ConfigPart(config, place)


def test_empty_keys_and_other_types_show_nothing() -> None:
    assert part("conditional", {"condition": "", "branches": [], "rule": None}) is None
    assert part("note", {"text": "x"}) is None
    assert part("conditional", {}) is None


def test_a_call_shows_the_fields_of_its_body_that_the_failure_names() -> None:
    body = {name: f"{{{{{name}}}}}" for name in ("currency", "amount", "date", "buyer", "seller")}
    config = {"url": "https://x.example.com", "body": body, "headers": {"a": "b"}}
    named = part("api_call", config, "amount is required")
    assert named == ConfigPart(
        {"url": "https://x.example.com", "body": {"amount": "{{amount}}"}}, "body.amount"
    )
    unnamed = part("api_call", config, "refused")
    assert unnamed is not None
    assert unnamed.place is None
    assert list(unnamed.values["body"]) == ["currency", "amount", "date", "buyer"]
    said = cause_of("refused", response_body={"missing": "buyer"})
    by_response = config_part(graph_of("api_call", {"payload": body}), STEP, said)
    assert by_response == ConfigPart({"payload": {"buyer": "{{buyer}}"}}, "payload.buyer")


def test_a_body_that_is_no_mapping_is_shown_whole() -> None:
    assert part("api_call", {"body": "{{all}}"}) == ConfigPart({"body": "{{all}}"}, None)


@pytest.mark.parametrize("block_type", ["function", "functions", "formula"])
def test_code_shows_the_line_that_raised(block_type: str) -> None:
    config = {"code": "def main(order):\n    return order['total']\n"}
    assert part(block_type, config, "KeyError: 'total'") == ConfigPart(
        {"code": ["1: def main(order):", "2:     return order['total']"]}, "line 2"
    )
    assert part(block_type, config, "KeyError: 'other'") is None


def test_an_extraction_shows_the_field_of_its_schema() -> None:
    config = {"json_schema": {"properties": {"due": {"type": "string"}, "x": {}}}}
    assert part("extract", config, "'due' is a required property") == ConfigPart(
        {"schema": {"due": {"type": "string"}}}, "field due of its schema"
    )
    assert part("extract", config, "no such field") is None


def test_a_graph_that_is_not_the_runs_is_called_a_draft() -> None:
    config = {"precedence": "first"}
    draft = config_part(graph_of("merge_dicts", config, None), STEP, cause_of())
    assert draft is not None
    assert draft.record() == {"precedence": "first", "as_of": "draft"}
    known = config_part(graph_of("merge_dicts", config), STEP, cause_of())
    assert known is not None
    assert known.record() == {"precedence": "first"}


def test_a_block_that_the_graph_lacks_shows_nothing() -> None:
    assert config_part(None, STEP, cause_of()) is None
    assert config_part(Graph(blocks=(Block(id="a"),)), STEP, cause_of()) is None


def test_the_cause_gets_the_part_and_the_place_to_change() -> None:
    found = with_config(cause_of(key=1), graph_of("merge_dicts", {"precedence": "first"}))
    assert found.evidence == {"key": 1, "config": {"precedence": "first"}}
    assert found.suggestion == "Look. Place to change: 'Post it', precedence."


def test_a_cause_without_a_place_keeps_its_suggestion() -> None:
    found = with_config(cause_of(), graph_of("api_call", {"url": "https://x.example.com"}))
    assert found.suggestion == "Look."
    assert found.evidence == {"config": {"url": "https://x.example.com"}}
    assert with_config(cause_of(), None).suggestion == "Look."


def test_a_cause_that_has_its_configuration_is_left_alone() -> None:
    known = cause_of(config={"rule": "x"})
    assert with_config(known, graph_of("conditional", {"rule": "y"})) is known
