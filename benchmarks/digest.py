"""Compare sanitizing and digesting a large value with parsing it.

    python -m benchmarks.digest [--megabytes 50] [--rounds 5]

Parsing, sanitizing and digesting the same JSON take turns in one process; the ratios are medians,
so that other work on the machine changes them little. Targets for digesting: under 3.0 times the
parsing for rows of numbers and short strings, under 0.5 times for long text.
"""

import argparse
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

MEGABYTES = 50
ROUNDS = 5
BUDGET = 1_800  # tokens of a usual answer


def rows(size: int) -> bytes:
    """Return an extraction with many rows of numbers and short strings, of about `size` bytes."""
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
        for n in range(size // row_size)
    ]
    return json.dumps({"output": {"rows": items}}, separators=(",", ":")).encode()


def long_text(size: int) -> bytes:
    """Return a parsed document with pages of prose, of about `size` bytes."""
    sentence = "The supplier sent an invoice without a total, number {n}, and nobody noticed.\n"
    pages: list[dict[str, Any]] = []
    written = n = 0
    while written < size:
        page = "".join(sentence.format(n=n + line) for line in range(200))
        pages.append({"page": len(pages) + 1, "text": page})
        written += len(page)
        n += 200
    return json.dumps({"pages": pages}, separators=(",", ":")).encode()


def measure(work: Callable[[], Any]) -> float:
    """Return the seconds that `work` takes."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(body: bytes, rounds: int) -> list[tuple[float, float, float]]:
    """Return the seconds of parsing, sanitizing and digesting in each round."""
    times = []
    for _ in range(rounds):
        parse = measure(lambda: pydantic_core.from_json(body))
        value = pydantic_core.from_json(body)
        clean = measure(partial(sanitize, value))
        shown = measure(partial(digest, value, BUDGET))
        times.append((parse, clean, shown))
    return times


def main() -> None:
    """Print a line for each kind of value."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=MEGABYTES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    print(f"{'':12} {'parse':>8} {'digest':>8} {'sanitize':>9} {'both':>8}")
    for name, make in (("rows", rows), ("long text", long_text)):
        times = compare(make(options.megabytes * 1_000_000), options.rounds)
        parse = statistics.median(each[0] for each in times)
        digested = statistics.median(each[2] / each[0] for each in times)
        cleaned = statistics.median(each[1] / each[0] for each in times)
        both = statistics.median((each[1] + each[2]) / each[0] for each in times)
        print(f"{name:12} {parse:7.3f}s {digested:7.2f}x {cleaned:8.2f}x {both:7.2f}x")


if __name__ == "__main__":
    main()
