"""A cursor continues the question that it was written for, and no other."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from retab_mcp.queries.cursor import MIN_KEY_CHARS, CursorCodec, cursor_key_problem
from retab_mcp.queries.errors import QuestionError
from retab_mcp.safety.sanitize import sanitize, sanitize_text

QUESTION = {"run_id": "run_1", "status": "error", "limit": 50}
ANY: TypeAdapter[Any] = TypeAdapter(Any)
POSITION = [50, ["run_1_block_7", "block_7", [3]]]


def test_a_cursor_returns_its_position() -> None:
    codec = CursorCodec()
    assert codec.read(codec.write(POSITION, QUESTION), QUESTION, ANY) == POSITION


def test_replicas_with_one_key_read_each_others_cursors() -> None:
    written = CursorCodec("shared").write(POSITION, QUESTION)
    assert CursorCodec("shared").read(written, QUESTION, ANY) == POSITION


@pytest.mark.parametrize("other", [{"status": ""}, {"run_id": "run_2"}, {"limit": 51}])
def test_a_cursor_is_refused_with_other_arguments(other: dict[str, object]) -> None:
    codec = CursorCodec()
    written = codec.write(POSITION, QUESTION)
    with pytest.raises(QuestionError, match="other arguments"):
        codec.read(written, QUESTION | other, ANY)


def test_a_cursor_of_another_key_is_refused() -> None:
    written = CursorCodec("one").write(POSITION, QUESTION)
    with pytest.raises(QuestionError, match="not issued by this server"):
        CursorCodec("two").read(written, QUESTION, ANY)


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="not issued by this server"):
        CursorCodec("key").read(text, QUESTION, ANY)


@given(st.integers(0, 10_000), st.text(alphabet="abcdef0123456789_-", max_size=60))
def test_a_cursor_is_not_changed_by_redaction(index: int, step_id: str) -> None:
    written = CursorCodec("key").write([index, step_id], QUESTION)
    assert sanitize({"cursor": written}).value == {"cursor": written}


def test_no_cursor_looks_like_a_credential() -> None:
    for number in range(500):
        codec = CursorCodec(f"key {number}")
        cursor = codec.write([number, "row"], {"run_id": "run_1"})
        assert not sanitize_text(cursor)[1]
        assert codec.read(cursor, {"run_id": "run_1"}, ANY) == [number, "row"]


@pytest.mark.parametrize("position", [{"error": "run_eNs1SFsEZWRHKZO13fQM8"}, [{"completed": 12}]])
@pytest.mark.parametrize("key", ["k" * 32, "quay"])
def test_a_cursor_does_not_look_like_a_credential(position: Any, key: str) -> None:
    codec = CursorCodec(key)
    for name in ("a", "ab", "abc"):
        written = codec.write([position, "2026-07-12T01:00:00+00:00"], {name: 1})
        assert sanitize_text(written) == (written, 0)
        assert codec.read(written, {name: 1}, ANY) == [position, "2026-07-12T01:00:00+00:00"]


@pytest.mark.parametrize("position", [-1, "1", None, [1], {}, 1.5, True])
def test_a_forged_position_of_another_form_is_refused(position: Any) -> None:
    codec = CursorCodec("key")
    with pytest.raises(QuestionError, match="not issued by this server"):
        codec.start(codec.write(position, QUESTION), QUESTION)


def test_without_a_cursor_the_start_is_0() -> None:
    assert CursorCodec().start("", QUESTION) == 0


@pytest.mark.parametrize(("chars", "accepted"), [(0, True), (1, False), (31, False), (32, True)])
def test_a_short_key_is_refused(chars: int, accepted: bool) -> None:
    assert MIN_KEY_CHARS == 32
    assert (cursor_key_problem("k" * chars) == "") is accepted
