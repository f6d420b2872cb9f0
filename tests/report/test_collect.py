"""Collecting the answers that a page shows."""

import json
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from retab_mcp.report import collect
from retab_mcp.report.collect import Answer, AnswerError, Picture, collect_picture
from retab_mcp.report.row_steps import step_ids_by_worth
from retab_mcp.report.traced_values import traced_values
from retab_mcp.report.without_payloads import without_payloads
from tests.report.pictures import pictures_of

NESTED, REFUSED = "claims-nested", "label-rejected"
CAUSE = "until-settled_iter_2_each-claim_iter_1_book-reserve"


@pytest.fixture(scope="module")
def pictures() -> dict[str, Picture]:
    return pictures_of([NESTED, REFUSED])


def test_every_step_and_every_loop_is_in_the_picture(pictures: dict[str, Picture]) -> None:
    picture = pictures[NESTED]
    assert list(picture.rows) == ["", "until-settled", "each-claim"]
    assert len(picture.rows["each-claim"]) == 24
    assert picture.left_out == {}
    assert len(picture.steps) == 24 + 3
    assert picture.steps[CAUSE]["cause"]["message"] == "API call failed: 409 Conflict"


def test_values_that_explain_the_failure_are_traced(pictures: dict[str, Picture]) -> None:
    (input_trace, _sent) = pictures[REFUSED].traces
    assert input_trace["asked"]["path"] == "/handle_inputs/input-json-0/data/postcode"
    assert input_trace["hops"]


def test_steps_that_explain_the_run_come_first(pictures: dict[str, Picture]) -> None:
    picture = pictures[NESTED]
    order = step_ids_by_worth(picture.run, picture.rows)
    assert order[0] == CAUSE
    assert order[1] == "until-settled_iter_2_each-claim_iter_1_assess-claim"
    assert len(order) == len(set(order)) == 27


def test_a_loop_in_a_loop_has_no_single_step() -> None:
    outer = {"block_id": "outer", "status": "completed", "iterations": 2}
    inner = {"block_id": "inner", "status": "completed", "iterations": 2, "iteration": [0]}
    idle = {"status": "skipped", "count": 3, "step_ids": ["a", "b", "c"]}
    assert step_ids_by_worth({}, {"": [outer, idle], "outer": [inner]}) == ["outer"]


def test_without_payloads_no_value_of_a_document_is_left(pictures: dict[str, Picture]) -> None:
    full = pictures[REFUSED]
    short = without_payloads(full)
    assert "Lyon" in json.dumps(full.run)
    text = json.dumps(collect.picture_fields(short, {}))
    assert "Lyon" not in text
    assert "postcode" not in text
    assert "delivery-note-2207.pdf" not in text
    assert short.run["cause"]["message"] == "API call failed: 422 Unprocessable Entity"
    assert short.rows == full.rows


def test_findings_without_payloads_keep_their_kind_and_place() -> None:
    finding = {"kind": "low_likelihood", "message": "IBAN DE89 is doubtful", "step_id": "read"}
    others = {"count": 1, "failures": [{"step_id": "x", "kind": "timeout", "evidence": "DE89"}]}
    run = {"run_id": "run_1", "findings": [finding], "other_failures": others, "new": "DE89"}
    assert without_payloads(Picture(run)).run == {
        "run_id": "run_1",
        "findings": [{"kind": "low_likelihood", "step_id": "read"}],
        "other_failures": {"count": 1, "failures": [{"step_id": "x", "kind": "timeout"}]},
    }


def test_traced_values_come_from_inputs_requests_and_findings() -> None:
    run = {
        "cause": {"step_id": "send", "evidence": {"sent": [{"path": "/b", "value": 0}, "odd"]}},
        "suspicious_inputs": [{"path": "/a", "problem": "null"}],
        "findings": [{"kind": "x", "step_id": "read", "paths": ["/c"]}, {"kind": "y"}],
    }
    assert traced_values(run) == [
        {"step_id": "send", "path": "/a"},
        {"step_id": "send", "path": "/b"},
        {"step_id": "read", "path": "/c"},
    ]
    assert traced_values({"status": "completed"}) == []


class Canned:
    """Answers calls of tools; `rows` come two to a page."""

    def __init__(self, rows: int, **answers: Answer) -> None:
        self.rows, self.answers = rows, answers
        self.calls: list[str] = []

    async def ask(self, tool: str, arguments: dict[str, Any]) -> Answer:
        self.calls.append(tool)
        await anyio.lowlevel.checkpoint()
        if tool in self.answers:
            return self.answers[tool]
        if tool == "get_run":
            return {"run_id": "run_1", "status": "error"}
        if tool == "get_step":
            return {"run_id": "run_1", "step_id": arguments["step_id"], "status": "completed"}
        start = int(arguments.get("cursor", 0))
        names = range(start, min(start + 2, self.rows))
        answer: Answer = {"rows": [{"block_id": f"b{n}", "status": "completed"} for n in names]}
        if start + 2 < self.rows:
            following = {"run_id": "run_1", "cursor": str(start + 2)}
            answer["truncated"] = {"shown": 2, "total": self.rows, "next": {"arguments": following}}
        return answer


def collected(canned: Canned, **options: Any) -> Picture:
    async def run() -> Picture:
        return await collect_picture(canned.ask, "run_1", **options)

    return anyio.run(run)


def test_pages_of_rows_are_read_to_their_end() -> None:
    picture = collected(Canned(5))
    assert len(picture.rows[""]) == len(picture.steps) == 5
    assert picture.left_out == {}


def test_too_many_rows_are_left_out_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "MAX_ROWS", 4)
    picture = collected(Canned(9), payloads=False)
    assert len(picture.rows[""]) == 4
    assert picture.left_out[""]["shown"] == 4
    assert picture.left_out[""]["total"] == 9


def test_without_payloads_no_step_is_read() -> None:
    canned = Canned(3)
    collected(canned, payloads=False)
    assert set(canned.calls) == {"get_run", "list_steps"}


def test_a_run_that_cannot_be_explained_is_an_error() -> None:
    refused = {"error": "There is no run run_1 for this API key.", "kind": "not_found"}
    with pytest.raises(AnswerError) as caught:
        collected(Canned(0, get_run=refused))
    assert caught.value.answer == refused


def test_steps_that_cannot_be_read_are_in_the_picture_as_errors() -> None:
    refused = {"error": "Retab did not answer.", "kind": "timeout"}
    picture = collected(Canned(1, get_step=refused))
    assert picture.steps == {"b0": refused}
    picture = collected(Canned(1, list_steps=refused))
    assert picture.rows == {"": []}
    assert picture.left_out[""]["why"] == "Retab did not answer."


def test_at_the_time_limit_the_steps_read_so_far_are_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(collect, "STEPS_SECONDS", 0.0)
    picture = collected(Canned(3))
    assert len(picture.rows[""]) == 3
    assert len(picture.steps) < 3
