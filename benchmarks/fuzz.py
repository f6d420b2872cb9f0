"""Ask about failed runs with broken bodies, of every generation, for some minutes.

    python -m benchmarks.fuzz [--minutes 1] [--seed 0]

Fields are dropped, nulled, retyped or nested 300 deep; status, ids and message must survive, within
the budget. Prints each seed whose answer is wrong; exits with 1 if there is one.
"""

import argparse
import time
from random import Random

import anyio

from tests.retab.wires import GENERATIONS
from tests.support.fuzz import check_broken_run

# What goes wrong once goes wrong often.
MAX_FAILURES = 10


def main() -> int:
    """Run the fuzzer; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    end = time.monotonic() + 60 * given.minutes
    seed, failures = given.seed, 0
    while time.monotonic() < end and failures < MAX_FAILURES:
        for generation in GENERATIONS:
            try:
                anyio.run(check_broken_run, generation, Random(seed))
            except Exception as error:  # any other exception is a failure too
                failures += 1
                print(f"{generation}, seed {seed}: {type(error).__name__}: {str(error)[:2_000]}")
        seed += 1
    print(f"{(seed - given.seed) * len(GENERATIONS)} runs asked about, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
