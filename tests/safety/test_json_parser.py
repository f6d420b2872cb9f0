"""JSON is parsed within a bound of memory, whatever its size, as the fast parser would alone."""

import json

import pytest

from retab_mcp.safety import json_parser
from retab_mcp.safety.json_parser import ParseError, is_text, parse

ROWS = [{"n": n, "name": f"Bolt {n}", "tags": ["a", "b"]} for n in range(300)]


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_parser, "PIECE_BYTES", 200)
    monkeypatch.setattr(json_parser, "WHOLE_BYTES", 400)
    monkeypatch.setattr(json_parser, "_ITEMS_AT_ONCE", 7)


@pytest.mark.parametrize(
    "value",
    [
        *(ROWS, {"rows": ROWS, "more": {"a": 1}}, [ROWS, "x" * 900, 5, [ROWS]], "x" * 3_000),
        *({f"key {n}": n for n in range(200)}, {"text": "ü" * 600}, [[]] * 300, [1] * 150),
        *({"a": {"b": {"c": ROWS}}}, [["x" * 150, "y" * 150], "z" * 199, "z" * 200, "z" * 201]),
    ],
)
@pytest.mark.usefixtures("small_pieces")
def test_a_body_in_pieces_is_read_like_one_at_once(value: object) -> None:
    for body in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert parse(body.encode()) == value
        assert parse(bytearray(body.encode())) == value
        assert parse(memoryview(body.encode())) == value


def bodies(count: int) -> dict[str, bytes]:
    """Return bodies of as many values in several forms."""
    return {
        "numbers": json.dumps(list(range(1_000, 1_000 + count))).encode(),
        "objects": json.dumps([{"a": n, "b": [n]} for n in range(count)]).encode(),
        "members": json.dumps({f"key {n}": [n] for n in range(count)}).encode(),
        "texts": json.dumps([f"The total of row {n} is missing" for n in range(count)]).encode(),
    }


@pytest.mark.parametrize("form", bodies(1))
def test_a_body_of_too_many_values_is_refused(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_parser, "PIECE_BYTES", 1_000)
    monkeypatch.setattr(json_parser, "WHOLE_BYTES", 2_000)
    monkeypatch.setattr(json_parser, "_SMALL", 0)
    monkeypatch.setattr(json_parser, "MAX_TREE_BYTES", 300_000)
    assert len(parse(bodies(200)[form])) == 200
    with pytest.raises(ParseError, match="holds too many values to be read whole") as caught:
        parse(bodies(6_000)[form])
    assert caught.value.too_large
    assert caught.value.reason == "holds too many values to be read whole"


@pytest.mark.parametrize(
    ("text", "fits", "too_long"),
    [("x", 900, 1_100), ("ü", 400, 600), ("密", 450, 550), ("😀", 220, 280)],
)
def test_a_long_text_is_counted_by_the_width_of_its_characters(
    text: str, fits: int, too_long: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_parser, "PIECE_BYTES", 10)
    monkeypatch.setattr(json_parser, "WHOLE_BYTES", 10)
    monkeypatch.setattr(json_parser, "MAX_TREE_BYTES", 2_000)
    width = len(text.encode())
    for count, is_read in ((fits // width, True), (too_long // width * 2, False)):
        body = json.dumps(text * count, ensure_ascii=False).encode()
        if is_read:
            assert parse(body) == text * count
        else:
            with pytest.raises(ParseError):
                parse(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b" <html>", "is a page of HTML or XML, as a proxy sends it, not JSON"),
        (b'{"a": \xff}', "is not text at byte 6 of 8"),
        (b"[1, 2", "is not JSON at character 5 of 5: Expecting ',' delimiter"),
    ],
)
def test_a_body_that_is_not_json_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(body)
    assert caught.value.reason == str(caught.value) == reason
    assert not caught.value.too_large


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [("", b"", True), ("x", b"", True), ("", b"\xc3", False), ("", b"\xff", False)],
)
@pytest.mark.parametrize("length", [0, 3, 700_000])
def test_whether_a_body_is_text(start: str, end: bytes, length: int, expected: bool) -> None:
    body = (start + "ü" * length).encode() + end
    assert is_text(body) is expected
    assert is_text(bytearray(body)) is expected
    assert is_text(memoryview(body)) is expected
