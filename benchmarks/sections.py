"""Write measured figures into docs/measurements.md, between markers."""

from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "measurements.md"


def replace_section(name: str, text: str) -> None:
    """Replace what is between the markers of a name. Raises ValueError if the page lacks them."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = PAGE.read_text().partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"{PAGE} has no markers {begin} and {end}")
    day = datetime.now(UTC).date().isoformat()
    PAGE.write_text(f"{before}{begin}\n\n{day}:\n\n{text}\n\n{end}{after}")
