"""The page of `retab-mcp check`."""

from collections.abc import Sequence

from retab_mcp.cli.connection import Check, Outcome
from retab_mcp.cli.page.parts import Fact, Heading, Line, Page, Tone, Words, words

_MARKS = {
    Outcome.GOOD: ("✓ ", Tone.GOOD),
    Outcome.WARNING: ("! ", Tone.WARN),
    Outcome.WRONG: ("✗ ", Tone.BAD),
    Outcome.REFUSED: ("✗ ", Tone.BAD),
    Outcome.UNKNOWN: ("- ", Tone.DIM),
}


def checks_page(checks: Sequence[Check]) -> Page:
    """Return the checks, each with what to do about it."""
    bad = [check for check in checks if check.exit_code]
    said = "Retab answers with these settings" if not bad else "Retab cannot be asked like this"
    return [
        Heading(words(said, Tone.BAD if bad else Tone.GOOD)),
        *(Fact(check.name, list(_lines(check))) for check in checks),
    ]


def _lines(check: Check) -> list[Line]:
    mark = Words(*_MARKS[check.outcome])
    found: Line = (mark, Words(check.found))
    return [found, words(check.to_do, Tone.STRONG)] if check.to_do else [found]
