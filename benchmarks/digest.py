"""Digesting beside parsing: `python benchmarks/digest.py` prints the ratios.

Parse and digest of the same 50 MB run in turn in one process, and the table shows medians, so
that the ratios say something on a busy machine too. Targets for the digest alone: under 3.0 times
the parse for rows of numbers and short strings, under 0.5 for long text.
"""

import gc
import json
import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pydantic_core

from retab_mcp.digest.digest import digest
from retab_mcp.safety.sanitize import sanitize

SIZE = 50_000_000  # bytes
ROUNDS = 5
BUDGET = 1_800  # tokens, what an answer usually takes


def rows() -> bytes:
    """Return an extraction of many rows of numbers and short strings."""
    rng = random.Random(1)
    row_size = 118
    items = [
        {
            "id": f"row_{n}",
            "sku": f"SKU-{rng.randint(1, 999):04d}",
            "name": rng.choice(["Bolt", "Nut", "Screw M4", "Washer"]),
            "qty": rng.randint(1, 100),
            "price": round(rng.random() * 1000, 2),
            "taxable": rng.random() < 0.5,
            "note": None,
        }
        for n in range(SIZE // row_size)
    ]
    return json.dumps({"output": {"rows": items}}, separators=(",", ":")).encode()


def long_text() -> bytes:
    """Return a parsed document: pages of prose."""
    sentence = "The supplier sent an invoice without a total, number {n}, and nobody noticed.\n"
    pages: list[dict[str, Any]] = []
    size = n = 0
    while size < SIZE:
        page = "".join(sentence.format(n=n + line) for line in range(200))
        pages.append({"page": len(pages) + 1, "text": page})
        size += len(page)
        n += 200
    return json.dumps({"pages": pages}, separators=(",", ":")).encode()


def measure(work: Callable[[], Any]) -> float:
    """Return the seconds that a piece of work takes."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(body: bytes) -> list[tuple[float, float, float]]:
    """Return seconds of parse, sanitize and digest, a line for each round."""
    times = []
    for _ in range(ROUNDS):
        parse = measure(lambda: pydantic_core.from_json(body))
        value = pydantic_core.from_json(body)
        clean = measure(partial(sanitize, value))
        shown = measure(partial(digest, value, BUDGET))
        times.append((parse, clean, shown))
    return times


def main() -> None:
    """Print a line for each kind of body."""
    print(f"{'':12} {'parse':>8} {'digest':>8} {'sanitize':>9} {'both':>8}")
    for name, make in (("rows", rows), ("long text", long_text)):
        times = compare(make())
        parse = statistics.median(each[0] for each in times)
        digested = statistics.median(each[2] / each[0] for each in times)
        cleaned = statistics.median(each[1] / each[0] for each in times)
        both = statistics.median((each[1] + each[2]) / each[0] for each in times)
        print(f"{name:12} {parse:7.3f}s {digested:7.2f}x {cleaned:8.2f}x {both:7.2f}x")


if __name__ == "__main__":
    main()
