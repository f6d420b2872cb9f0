"""The encoder: compact JSON, ordered fields, sanitized text, unchanged payloads."""

import json
import math
from typing import ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.answers.common.answer import Answer, NextCall, Part, Truncated, write_json
from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.models import Json


class Inner(Part):
    """A part of the sample answer."""

    name: str
    note: str | None = None


class SampleAnswer(Answer):
    """An answer with fields of every kind."""

    id: str
    inner: Inner | None = None
    empty: list[str] = []
    data: Json = None
    path: str | None = None
    value: Json = None


def test_empty_fields_of_the_answer_are_omitted_and_those_of_payloads_kept() -> None:
    answer = SampleAnswer(id="x", inner=Inner(name="n"), data={"a": None, "b": [], "c": ""})
    assert write_json(answer) == snapshot(
        '{"id":"x","inner":{"name":"n"},"data":{"a":null,"b":[],"c":""},"untrusted_text":true}'
    )


def test_shared_fields_come_last_in_their_order() -> None:
    answer = SampleAnswer(
        id="x",
        untrusted_text=True,
        next_calls=[NextCall(tool="get_run", arguments={"run_id": "run_1"})],
        truncated=Truncated(shown=1, total=2, unit="rows"),
        data={"password": "hunter2hunter2"},
    )
    assert list(json.loads(write_json(answer))) == snapshot(
        ["id", "data", "truncated", "next_calls", "redacted", "untrusted_text"]
    )


def test_a_null_at_a_path_is_shown() -> None:
    assert (
        write_json(SampleAnswer(id="x", path="/a", value=None))
        == '{"id":"x","path":"/a","value":null}'
    )
    assert write_json(SampleAnswer(id="x", value=None)) == '{"id":"x"}'


def test_redactions_are_counted() -> None:
    token = "rt_" + "live_" + "a1B2c3D4e5F6g7H8i9J0"
    answer = json.loads(write_json(SampleAnswer(id="x", data=[{"api_key": "k"}, f"used {token}"])))
    assert answer["redacted"] == 2
    assert token not in json.dumps(answer)


def test_nan_and_infinity_are_written_as_text() -> None:
    text = write_json(SampleAnswer(id="x", data=[math.nan, math.inf, -math.inf, 0, False]))
    assert text == '{"id":"x","data":["NaN","Infinity","-Infinity",0,false]}'


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)


@given(json_values, st.text())
def test_any_payload_becomes_one_line_of_json(data: Json, text: str) -> None:
    line = write_json(SampleAnswer(id=text, data=data))
    assert "\n" not in line
    json.loads(line)


def test_lone_surrogates_are_accepted() -> None:
    json.loads(write_json(SampleAnswer(id="\ud800", data={"\udfff": "\ud83d"})))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(min_size=200, max_size=400), max_size=60), st.booleans())
def test_every_answer_fits_its_budget(texts: list[str], by_path: bool) -> None:
    path = "/x" if by_path else None
    answer = SampleAnswer(id="x", data=texts, empty=texts, path=path, value=texts)
    text = write_json(answer)
    # `redacted` is counted and fields are ordered after the budget is applied.
    assert estimate_tokens(text) <= answer.budget + 20
    assert json.loads(text)["id"] == "x"


def test_an_answer_cut_as_a_whole_says_so_and_keeps_its_next_call() -> None:
    call = NextCall(tool="get_run", arguments={"run_id": "run_1"})
    fields = json.loads(write_json(SampleAnswer(id="x", empty=["port"] * 9000, next_calls=[call])))
    assert fields["empty"]["$shape"] == "array"
    assert fields["next_calls"] == [{"tool": "get_run", "arguments": {"run_id": "run_1"}}]
    assert fields["truncated"] == snapshot(
        {
            "shown": 668,
            "total": 9001,
            "unit": "values",
            "why": "the answer was longer than its budget",
        }
    )
    known = Truncated(shown=1, total=2, unit="rows", next=call)
    fields = json.loads(write_json(SampleAnswer(id="x", empty=["port"] * 9000, truncated=known)))
    assert fields["truncated"] == known.model_dump()


def test_a_next_call_longer_than_the_budget_is_cut() -> None:
    call = NextCall(tool="get_step", arguments={"path": "/port" * 9000})
    answer = SampleAnswer(id="x", truncated=Truncated(shown=1, total=2, unit="rows", next=call))
    text = write_json(answer)
    assert estimate_tokens(text) <= answer.budget
    assert json.loads(text)["id"] == "x"


def test_a_field_named_to_be_cut_first_is_dropped_before_anything_is_shortened() -> None:
    class Run(Answer):
        cause: str
        inputs: dict[str, str] = {}

        cut_first: ClassVar[tuple[str, ...]] = ("inputs",)

    inputs = {f"field {number}": "some value of this field" for number in range(300)}
    answer = json.loads(write_json(Run(cause="The iban is missing. " * 50, inputs=inputs)))
    assert answer == {
        "cause": "The iban is missing. " * 50,
        "truncated": {
            "shown": 1,
            "total": 301,
            "unit": "values",
            "why": "the answer was longer than its budget",
        },
        "untrusted_text": True,
    }
