"""Measure how many secrets of a corpus are hidden, and how many harmless values stay whole.

    python benchmarks/corpora.py tests/safety/corpora

Takes a folder with `secrets.jsonl` (one `{"value": …, "secret": [texts that must not be shown]}` a
line) and `harmless.jsonl` (one `{"value": …}` a line), prints both shares and what was missed, and
exits with 1 if a share is under 95 %.

Placeholders keep strings that look like live keys out of the files: `{{A32}}` becomes
32 letters and digits, `{{h40}}` hexadecimal digits, `{{N12}}` digits, `{{U16}}` capitals and
digits, `{{+}}` nothing: it breaks a prefix. `{{A32:2}}` is another text than `{{A32}}`.
"""

import json
import random
import re
import string
import sys
from pathlib import Path
from typing import Any, NamedTuple

from retab_mcp.safety.sanitize import sanitize

Json = Any

LEAST_SHARE = 0.95
_PLACEHOLDER = re.compile(r"\{\{(\+|([AhNU])([0-9]+)(?::[0-9]+)?)\}\}")
_ALPHABETS = {
    "A": string.ascii_letters + string.digits,
    "h": "0123456789abcdef",
    "N": string.digits,
    "U": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
}
_LONGEST_SHOWN = 160


class Share(NamedTuple):
    """The number of entries, how many came out right, and a line for each that did not."""

    right: int
    total: int
    missed: list[str]

    @property
    def share(self) -> float:
        """Return the share that came out right, 0 to 1; 1 without entries."""
        return self.right / self.total if self.total else 1.0


def secrets_hidden(entries: list[Json]) -> Share:
    """Return how many of the secrets cannot be read in what is shown."""
    return _measured(entries, lambda entry, shown: not _shows(entry["secret"], shown))


def harmless_whole(entries: list[Json]) -> Share:
    """Return how many of the harmless values arrive as they are."""
    return _measured(entries, lambda entry, shown: bool(shown == entry["value"]))


def read_entries(path: Path) -> list[Json]:
    """Return the entries of a corpus, placeholders filled in."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [filled_in(json.loads(line)) for line in lines if line.strip()]


def filled_in(entry: Json) -> Json:
    """Return an entry of a corpus with its placeholders filled in, the same each time."""
    return json.loads(_PLACEHOLDER.sub(_filling, json.dumps(entry, ensure_ascii=False)))


def _filling(match: re.Match[str]) -> str:
    if match[1] == "+":
        return ""
    letters = _ALPHABETS[match[2]]
    drawn = random.Random(match[1])
    return "".join(drawn.choice(letters) for _ in range(int(match[3])))


def _measured(entries: list[Json], is_right: Any) -> Share:
    missed = []
    for entry in entries:
        shown = sanitize(entry["value"]).value
        if not is_right(entry, shown):
            missed.append(f"{_short(entry['value'])}  ->  {_short(shown)}")
    return Share(len(entries) - len(missed), len(entries), missed)


def _shows(secrets: list[str], shown: Json) -> bool:
    text = json.dumps(shown, ensure_ascii=False)
    return any(secret in text or json.dumps(secret)[1:-1] in text for secret in secrets)


def _short(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def main(folder: Path) -> int:
    """Print both shares and return the exit code."""
    hidden = secrets_hidden(read_entries(folder / "secrets.jsonl"))
    whole = harmless_whole(read_entries(folder / "harmless.jsonl"))
    for title, measured in (("secrets hidden", hidden), ("harmless values whole", whole)):
        print(f"{title}: {measured.share:.1%} ({measured.right} of {measured.total})")
        for line in measured.missed:
            print(f"  {line}")
    return int(min(hidden.share, whole.share) < LEAST_SHARE)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python benchmarks/corpora.py FOLDER")
    sys.exit(main(Path(sys.argv[1])))
