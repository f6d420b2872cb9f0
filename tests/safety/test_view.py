"""A view shows a text without escapes and look-alikes, and where each part of it came from."""

import pytest

from retab_mcp.safety.view import View, fold, lookalike


@pytest.mark.parametrize(
    ("text", "seen", "sources"),
    [
        ("a\\u003db", "a=b", [0, 1, 7, 8]),
        ("a\\\\u003db", "a=b", [0, 1, 8, 9]),
        ("a\\x3db", "a=b", [0, 1, 5, 6]),
        ("\\U0000003d", "=", [0, 10]),
        ("\\u{3d}", "=", [0, 6]),
        ("\\u{10ffff}", "\U0010ffff", [0, 10]),
        ("\\n\\r\\t\\/", "\n\n\t/", [0, 2, 4, 6, 8]),
        ("%3D%253D%25253D", "===", [0, 3, 8, 15]),
        ("%0A%7E%20", "\n~ ", [0, 3, 6, 9]),
        ("&quot;&apos;&amp;&lt;", "\"'&<", [0, 6, 12, 17, 21]),
        ("&gt;&nbsp;&equals;&colon;", "> =:", [0, 4, 10, 18, 25]),
        ("&amp;quot;&amp;amp;lt;", '"<', [0, 10, 22]),
        ("&#61;&#x3d;&#X3D;", "===", [0, 5, 11, 17]),
        ("&#9999;&#161;", "✏¡", [0, 7, 13]),
        ("\\u00a1\\u00e9\\ue000", "¡é\ue000", [0, 6, 12, 18]),
        ("\\U0001f600", "😀", [0, 10]),
        ("\\u0009\\u000a\\u000d\\u0020", "\t\n\r ", [0, 6, 12, 18, 24]),
        ("é%3D", "é=", [0, 1, 4]),
    ],
)
def test_escapes_are_decoded(text: str, seen: str, sources: list[int]) -> None:
    view = View(text)
    assert view.text == seen
    assert [view.source(place) for place in range(len(seen) + 1)] == sources


@pytest.mark.parametrize(
    "text",
    [
        *("plain", "\\q", "%C3", "%00", "%7F", "100%", "&foo;", "&#0;", "&#160;", "\\u00a0"),
        *("\\ud800", "\\udfff", "\\U00110000", "\\u001f", "\\u007f", "\\u0008", "%A1", "&#x9f;"),
    ],
)
def test_other_escapes_are_kept(text: str) -> None:
    view = View(text)
    assert view.text == text
    assert [view.source(place) for place in range(len(text) + 1)] == list(range(len(text) + 1))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        *(("é", "e"), ("À", "A"), ("ß", "s"), ("Ł", "L"), ("ﬁ", "f"), ("½", "1"), ("ＡＢ", "AB")),
        *(("а", "a"), ("А", "A"), ("Ѕ", "S"), ("о", "o"), ("α", "a"), ("“", '"'), ("—", "-")),
        *(("「", '"'), ("\u00a0", " "), ("\u2003", " "), ("密", "\x01"), ("😀", "\x02")),
        *(("→", ":"), ("…", "."), ("plain", "plain"), ("ё", "e"), ("Ё", "E")),
    ],
)
def test_letters_are_folded_to_ascii(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert View(text).low == folded.lower().encode()


@pytest.mark.parametrize(
    ("character", "seen"),
    [
        *(("a", "a"), ("é", "é"), ("ſ", "ſ"), ("а", "a"), ("А", "A"), ("Ѕ", "S"), ("“", '"')),
        *(("ø", "ø"), ("ß", "ß"), ("ı", "ı"), ("Æ", "Æ"), ("ʏ", "ʏ")),
        *(("—", "-"), ("密", "密"), ("я", "я"), ("ο", "o"), ("Ο", "O"), ("\ue000", "\ue000")),
    ],
)
def test_a_letter_of_another_script_looks_like_an_ascii_one(character: str, seen: str) -> None:
    assert lookalike(character) == seen
