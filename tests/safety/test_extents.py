"""How far a value reaches: in quotes, to a blank, to the end of a line, tag or block."""

from collections.abc import Callable
from functools import partial

import pytest

from retab_mcp.safety.extents import (
    Extent,
    block_extent,
    line_extent,
    quoted_extent,
    tag_extent,
    token_extent,
    whole_end,
)


def shown(text: str, extent_of: Callable[[bytes, int], Extent | None]) -> str | None:
    """Return what an extent covers of a text, with "…" where it was cut.

    It is the same wherever the text begins.
    """
    found = set()
    for before in ("", "name: "):
        extent = extent_of((before + text).encode(), len(before))
        shown = extent and (before + text)[extent.start : extent.end]
        found.add(shown + ("…" if extent.is_cut else "") if extent and shown is not None else None)
    (same,) = found
    return same


def quoted(text: str) -> str | None:
    return shown(text, quoted_extent)


def token(text: str) -> str | None:
    return shown(text, token_extent)


def line(text: str, *, brackets: bool = False) -> str | None:
    return shown(text, partial(line_extent, brackets=brackets))


def tag(text: str) -> str | None:
    return shown(text, tag_extent)


def block(text: str) -> str | None:
    return shown(text, block_extent)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('"a b" c', "a b"),
        ("'a b' c", "a b"),
        ("`a b`", "a b"),
        ('""', ""),
        ("'a\"b' c", 'a"b'),
        ('"a\'b" c', "a'b"),
        ('"it"s" x', 'it"s'),
        (r'"a\"b" c', r"a\"b"),
        (r'"a\\" b', r"a\\"),
        (r'"a\\\" b" c', r"a\\\" b"),
        (r"\"a b\" c", "a b"),
        (r"\"a\\\"b\" c", r"a\\\"b"),
        (r"\\\"a\\\" c", "a"),
        (r'\\"a\\"', "a"),
        (r'\\"a\" b', "a"),
        (r"\"a\"nb\" c", "a"),
        ('"a"nb" c', 'a"nb'),
        ('"""a "b" c""" d', 'a "b" c'),
        ("'''a'b'''x", "a'b"),
    ],
)
def test_what_is_in_quotes(text: str, inside: str) -> None:
    assert quoted(text) == inside


@pytest.mark.parametrize("text", ["no quotes", '"never closed', '"""open', r'\"a\\" b', ' "a"', ""])
def test_what_is_not_in_quotes(text: str) -> None:
    assert quoted(text) is None


def test_quotes_are_looked_for_so_far() -> None:
    assert quoted(f'"{"x" * 16_383}"') == "x" * 16_383
    assert quoted(f'"{"x" * 16_384}"') == "x" * 16_384 + "…"
    assert quoted(f'"{"x" * 16_384}') is None
    assert quoted(f'"{"x" * 9_000}\'{"x" * 9_000}"') is None
    assert quoted('"""' + "x" * 4_090 + '"""') == "x" * 4_090
    assert quoted('"""' + "x" * 4_091 + '"""') is None
    assert quoted(f'"{"-`" * 23}" b') == "-`" * 23
    assert quoted(f'"{"-`" * 24}" b') is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("abc def", "abc"), ('abc"d', "abc"), ("abc`d", "abc"), ("abc<b>", "abc")),
        *(("abc>d", "abc"), ('a\\"b', "a"), ("a\\'b", "a"), ("a\\b", "a\\b")),
        *(('"abc" x', "abc"), ("`abc", "abc"), ("'abc'", "abc"), (" abc def", "abc")),
        *(("abc' d", "abc"), ("abc'd", "abc'd"), ("a'b' c", "a'b"), ("a''b", "a")),
        *(("abc,d=1", "abc"), ("abc,def", "abc,def"), ("abc;d: 1", "abc"), ("abc;def", "abc;def")),
        *(("abc&d=1", "abc"), ("abc&def", "abc&def"), ("a,https://x", "a"), ("a;\\n", "a")),
        *(("a, b", "a"), ("a,b.c[0]=1", "a"), ("a,}x", "a"), ("ab,c,d=1", "ab,c"), (",a", ",a")),
        *(("abc,", "abc"), ("abc;", "abc"), ("abc.", "abc"), ("abc:", "abc"), ("a.b.c.", "a.b.c")),
        *(("abc)", "abc"), ("(abc)", "(abc)"), ("f(abc))", "f(abc)"), ("((a)", "((a)")),
        *(("abc]", "abc"), ("[abc]", "[abc]"), ("abc}", "abc"), ("{abc}", "{abc}")),
        *(("abc);", "abc"), ("abc.,;:)", "abc"), ("a(b)c)d", "a(b)c)d"), ("a)]}", "a")),
    ],
)
def test_a_value_without_quotes_ends_before_what_is_not_part_of_it(text: str, value: str) -> None:
    assert token(text) == value


@pytest.mark.parametrize("text", ["", "  abc", '"', '" abc', "''", ")"])
def test_no_value_without_quotes(text: str) -> None:
    assert token(text) is None


def test_a_name_of_sixty_one_characters_follows_a_separator() -> None:
    assert token(f"a,{'b' * 61}=1") == "a"
    assert token(f"a,{'b' * 62}=1") == f"a,{'b' * 62}=1"


def test_a_long_value_is_cut_and_reaches_to_the_next_blank() -> None:
    assert token("x" * 4_096) == "x" * 4_096
    assert token("x" * 4_095 + " y") == "x" * 4_095
    assert token("x" * 4_097) == "x" * 4_096 + "…"
    assert token("x" * 4_095 + ")yyy") == "x" * 4_095 + ")…"
    assert token("a,b=" + "x" * 5_000) == "a"
    for text, end in (("abc def", 3), ('abc"d', 3), ("abc", 3), ("abc\\'b", 3)):
        assert whole_end(text.encode(), 1) == end


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        *(("abc def\nx", "abc def"), ("abc\rdef", "abc"), ("abc<b", "abc"), ("abc`d", "abc")),
        *(('abc "d"', 'abc "d"'), ('abc "d" e" f', 'abc "d" e'), ("a 'b c' d", "a 'b c' d")),
        *(
            ('a ("b") c', 'a ("b") c'),
            ('a \\"b\\" c', 'a \\"b\\" c'),
            ('abc "d', "abc "),
            ('a "b"c', "a "),
        ),
        *(
            ('abc " d"', "abc "),
            (f'a "{"x" * 200}"', f'a "{"x" * 200}"'),
            (f'a "{"x" * 201}"', "a "),
        ),
        *(("it's late' x", "it's late"), ('abc\\"d', "abc"), ('"abc', "")),
        *(('abc\\\\"d', "abc"), ('\\"d', ""), ("", ""), ("a'b", "a'b"), ('a"b', "a")),
        *(('a="b c" d', 'a="b c" d'), ('a="b c', "a="), ("a='b c' d'e", "a='b c' d'e")),
        *(('a="b"c" d', 'a="b"c'), ("a=`b` <c", "a=`b` ")),
    ],
)
def test_the_rest_of_a_line_ends_at_a_quote_that_encloses_it(text: str, rest: str) -> None:
    assert line(text) == rest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        *(('{"a": "b"} c', '{"a": "b"}'), ('["a", "b"] c]\n]', '["a", "b"] c]'), ("{}", "{}")),
        *(
            ('{"a": "b" c', "{"),
            ("{a\n}", "{a"),
            ('x{"a"}', "x{"),
            ("{x", "{x"),
            ('["a"}', '["a"}'),
        ),
        ('{"a"\r}', "{"),
    ],
)
def test_a_value_in_brackets_reaches_to_the_last_one_of_its_line(text: str, rest: str) -> None:
    assert line(text, brackets=True) == rest


def test_a_long_line_is_cut() -> None:
    assert line("x" * 4_096) == "x" * 4_096
    assert line("x" * 4_097) == "x" * 4_096 + "…"
    assert line(f'{"x" * 4_000}="{"y" * 200}"') == "x" * 4_000 + "="
    assert line(f"{{{'x' * 4_094}}}", brackets=True) == f"{{{'x' * 4_094}}}"
    assert line(f"{{{'x' * 4_095}}}", brackets=True) == f"{{{'x' * 4_095}…"


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        *(("abc<b", "abc"), ("abc", "abc"), ("<b", ""), ("<![CDATA[a<b]]>c", "a<b")),
        *(("  \n<![cdata[ab]]>", "ab"), ("<![CDATA[ab", "ab"), ("<![CDATA[]]>", "")),
        (" " * 80 + "<![CDATA[a]]>", "a"),
        (" " * 81 + "<![CDATA[a]]>", " " * 81),
        ("x" * 4_096, "x" * 4_096),
        ("x" * 4_095 + "<b", "x" * 4_095),
        ("<" + "x" * 5_000, ""),
        ("x" * 4_097, "x" * 4_096 + "…"),
        ("<![CDATA[" + "x" * 4_087, "x" * 4_087),
        ("<![CDATA[" + "x" * 4_088, "x" * 4_087 + "…"),
    ],
)
def test_the_text_of_a_tag(text: str, inside: str) -> None:
    assert tag(text) == inside


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("k: |\n  a\n  b\nc", "  a\n  b\n"),
        ("k: |\n\ta\nc", "\ta\n"),
        ("k: |\nc", ""),
        ("k: |\n  a", "  a"),
        ("k: |\n" + " a\n" * 1_365 + "c", " a\n" * 1_365),
        ("k: |\n" + " a\n" * 1_366, " a\n" * 1_365 + " …"),
        ("k: |\n  " + "x" * 4_094, "  " + "x" * 4_094),
        ("k: |\n  " + "x" * 4_095, "  " + "x" * 4_094 + "…"),
    ],
)
def test_the_indented_lines_below_a_name(text: str, lines: str) -> None:
    assert block(text) == lines
