"""Text of documents, in a terminal and in Markdown that is posted to a chat."""

import re

import pytest
from markdown_it import MarkdownIt

from retab_mcp.cli.page.inert import escaped_json, printable
from retab_mcp.cli.page.markdown import as_markdown
from retab_mcp.cli.page.parts import Bar, Code, Fact, Heading, Page, Quote, Timeline, Words

HOSTILE = [
    "![x](https://evil.test/a.png)",
    "[pay here](https://evil.test)",
    "[pay][1]\n\n[1]: https://evil.test",
    "<img src=https://evil.test/a.png><script>alert(1)</script>",
    "https://evil.test www.evil.test mailto:a@evil.test pay@evil.test",
    "<https://evil.test|Invoice> <!channel> <!here> <@U012AB3CD> <#C024BE7LR>",
    "@everyone @here @channel @octocat #123 owner/repo#4 !77",
    "<@&1234> ||spoiler|| <at>Kim</at> <t:0:R>",
    "&lt;b&gt; &#64;everyone &commat;here",
    "```\n</code>\n# Heading\n```\n~~~",
    "`code` *bold* _it_ ~~no~~ **b** __u__",
    "1. one\n- two\n> three\n# four\n| a | b |\n|---|---|",
    "\\[x](https://evil.test) \\`x`",
    "$x$ $$y$$ :smile: :+1:",
    "a\u202egnp.exe\u2066b\u200f\u200b",
    "\x1b]8;;https://evil.test\x07click\x1b]8;;\x07\x1b[2J\x9b31m\x08\r\x00\u2028x",
]


def page_of(text: str) -> Page:
    return [
        Heading((Words(text), Code(text))),
        Fact("One", [(Words(text),)]),
        Fact("Two", [(Words(text), Code(text)), (Code(text), Words(f"of {text} in"))]),
        Quote("Error", text),
        Timeline([Bar(text, text, 0, 10, text)], 10),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_of_documents_is_text(text: str) -> None:
    shown = as_markdown(page_of(text))
    for name in ("commonmark", "gfm-like"):
        parser = MarkdownIt(name, {"linkify": False})
        tokens = [
            token for block in parser.parse(shown) for token in [block, *(block.children or [])]
        ]
        kinds = {token.type for token in tokens}
        assert not kinds & {"image", "link_open", "html_inline", "html_block", "em_open", "s_open"}
        assert not kinds & {"heading_open", "blockquote_open", "table_open", "ordered_list_open"}
        assert sum(token.type == "fence" for token in tokens) == 2
    assert not re.search(r"<|>|@\w|[#!]\w", shown)
    prose = re.sub(r"```.*?```|`[^`]*`", "", shown, flags=re.DOTALL)
    assert not re.search(r"https?://|www\.\w|mailto:\w|\w@\w", prose)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_terminal_gets_no_control_characters(text: str) -> None:
    shown = printable(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", shown)
    assert printable(shown) == shown


def test_ordinary_text_stays_as_it_is() -> None:
    text = "Zürich 東京 file_name: 3 < 4 – “ok” 1,000 €"
    assert printable(text) == text
    assert "file_name: 3" in as_markdown([Fact("One", [(Words(text),)])])


def test_json_for_a_terminal_is_the_same_json() -> None:
    assert escaped_json('{"a":"é"}') == '{"a":"é"}'
    assert escaped_json('{"a":"\x9b\u202e\x7f\U000e0041"}') == (
        '{"a":"\\u009b\\u202e\\u007f\\udb40\\udc41"}'
    )
