"""The corpora of secrets and harmless values, in parts, so that a failure names few entries."""

from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.corpora import read_entries

CORPORA = Path(__file__).parent / "corpora"
PARTS = range(40)


@cache
def entries(name: str) -> list[Any]:
    """Return the entries of `secrets` or `harmless`."""
    return read_entries(CORPORA / f"{name}.jsonl")


def entries_of(name: str, part: int) -> list[Any]:
    """Return one of the parts of a corpus."""
    return entries(name)[part :: len(PARTS)]
