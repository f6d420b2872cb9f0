"""Write measured figures into docs/measurements.md or README.md, between markers."""

from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "measurements.md"
README = ROOT / "README.md"


def replace_section(name: str, text: str, page: Path = PAGE) -> None:
    """Replace what is between the markers of a name. Raises ValueError if the page lacks them."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"{page} has no markers {begin} and {end}")
    day = datetime.now(UTC).date().isoformat()
    page.write_text(f"{before}{begin}\n\n{day}:\n\n{text}\n\n{end}{after}", encoding="utf-8")
