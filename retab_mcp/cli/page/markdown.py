"""Write a page as Markdown that can be posted to a team chat.

Lists and no tables, since Slack and Teams show no tables.
"""

from collections.abc import Iterator

from retab_mcp.cli.page.inert import inert_code, inert_prose, printable
from retab_mcp.cli.page.layout import lay_out
from retab_mcp.cli.page.parts import Code, Fact, Heading, Line, Page, Quote, Timeline, Tone, Url

_FENCE = "```"


def as_markdown(page: Page) -> str:
    """Return the page as Markdown in which the text of documents is text."""
    return "\n".join(_lines(page))


def _lines(page: Page) -> Iterator[str]:
    for number, part in enumerate(page):
        if isinstance(part, Heading):
            if number:
                yield ""
            yield f"**{_inline(part.line, strong=True)}**"
            yield ""
        elif isinstance(part, Fact):
            yield from _fact(part)
        elif isinstance(part, Quote):
            text = printable(part.text.strip(), lines=True)
            yield f"- **{part.label}:**"
            yield from _block(text.split("\n"), "  ")
        elif isinstance(part, Timeline):
            yield from _block(_bars(part), "")


def _fact(fact: Fact) -> Iterator[str]:
    if len(fact.lines) == 1:
        yield f"- **{fact.label}:** {_inline(fact.lines[0])}"
        return
    yield f"- **{fact.label}:**"
    for line in fact.lines:
        yield f"  - {_inline(line)}"


def _inline(line: Line, *, strong: bool = False) -> str:
    parts = []
    for part in line:
        if isinstance(part, Url):
            parts.append(f"<{part.text}>")
        elif isinstance(part, Code):
            text = inert_code(part.text).strip()
            parts.append(f"`{text}`" if text else "")
        elif part.tone == Tone.STRONG and not strong and part.text.strip():
            parts.append(f"**{inert_prose(part.text).strip()}**")
        else:
            parts.append(inert_prose(part.text))
    return "".join(parts).strip()


def _block(lines: list[str], indent: str) -> Iterator[str]:
    yield indent + _FENCE
    for line in lines:
        yield indent + inert_code(line)
    yield indent + _FENCE


def _bars(part: Timeline) -> list[str]:
    return ["".join(each.text for each in row.line).rstrip() for row in lay_out([part], None)]
