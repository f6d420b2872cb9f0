"""Measure how many random mistakes in a package its tests find.

    python -m benchmarks.mutation analysis --mutants 300 --seed 1
    python -m benchmarks.mutation safety --mutants 300 --seed 1
    python -m benchmarks.mutation digest --mutants 300 --seed 1

Each mutant is the package with one random change, tried with the tests that run the changed line.
It is killed if one of them fails or takes many times as long. Target: 85 % killed, without those
that `equivalent.toml` says change nothing that can be observed. Prints every survivor;
`--survivors` tries those of the last run again. Which test runs which line is recorded in
`.mutation/`, again for test files that have changed, or for all if the package has.
"""

import argparse
import os
import random
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.mutation.mutants import Mutant, load, mutants
from benchmarks.mutation.recording import ROOT, Recording
from benchmarks.mutation.store import keep_survivors, kept_survivors, recording_of
from benchmarks.mutation.trials import (
    KILLED,
    SURVIVED,
    TIMED_OUT,
    Session,
    Trial,
    cpu_seconds_of,
    in_child,
    preload,
    run_pytest,
    try_at_import,
)

MUTANTS = 300
TARGET = 0.85
# The tests of each package; those of the labelled runs ask for whole answers, those of decoding
# parse whole bodies.
TESTS = {
    "analysis": ("tests/analysis", "tests/system/test_triage.py"),
    "safety": ("tests/safety", "tests/retab/test_decode.py"),
    "digest": ("tests/digest",),
}
EQUIVALENT = Path(__file__).with_name("equivalent.toml")


def possible_mutants(package: str) -> list[Mutant]:
    """Return every mutant of a package."""
    modules = load(ROOT / "retab_mcp" / package, ROOT)
    possible = [mutant for module in modules for mutant in mutants(module)]
    print(f"{package}: {len(possible)} possible mutants")
    return possible


def tried(chosen: Sequence[Mutant], recording: Recording, package: str) -> list[Trial]:
    """Try each mutant and return the trials, finished."""
    scratch = Path(tempfile.mkdtemp(prefix="mutation-"))
    trials = [
        _trial(mutant, recording.tests_of(mutant), recording, scratch, number)
        for number, mutant in enumerate(chosen)
    ]
    at_import = [recording.runs_at_import(mutant) for mutant in chosen]
    session = Session(scratch, None)
    session.trials = [trial for trial, first in zip(trials, at_import, strict=True) if not first]
    in_child(lambda: run_pytest(TESTS[package], session))
    preload(recording)
    for trial, first in zip(trials, at_import, strict=True):
        if first:
            try_at_import(trial)
    print(file=sys.stderr)
    killers = sorted({trial.killer for trial in trials if trial.killer})
    control = _trial(None, killers, recording, scratch, len(chosen))
    session.trials = [control]
    in_child(lambda: run_pytest(TESTS[package], session))
    if control.outcome != SURVIVED:
        raise SystemExit(f"{control.killer} also fails on unchanged code")
    return trials


def _trial(
    mutant: Mutant | None, tests: Sequence[str], recording: Recording, scratch: Path, number: int
) -> Trial:
    outcome, killer = scratch / f"{number}.outcome", scratch / f"{number}.killer"
    imports = mutant is not None and recording.runs_at_import(mutant)
    return Trial(mutant, tests, cpu_seconds_of(tests, recording, imports=imports), outcome, killer)


def known_equivalent() -> dict[tuple[str, str], str]:
    """Return why each known equivalent mutant changes nothing, by module and change."""
    entries = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["equivalent"]
    return {(entry["module"], entry["change"]): entry["why"] for entry in entries}


def main() -> int:
    """Try random mutants of a package; return 1 if too many survive."""
    parser = argparse.ArgumentParser(prog="benchmarks.mutation", description=__doc__)
    parser.add_argument("package", choices=sorted(TESTS))
    parser.add_argument("--mutants", type=int, default=MUTANTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--survivors", action="store_true", help="try those of the last run again")
    arguments = parser.parse_args()
    package = arguments.package
    os.nice(19 - os.nice(0))
    began = time.monotonic()
    possible = possible_mutants(package)
    if arguments.survivors:
        chosen = kept_survivors(package, possible)
    else:
        count = min(arguments.mutants, len(possible))
        chosen = random.Random(arguments.seed).sample(possible, count)
    trials = tried(chosen, recording_of(package, TESTS[package]), package)
    survivors = [each.mutant for each in trials if each.mutant and each.outcome == SURVIVED]
    keep_survivors(package, survivors, possible)
    return report(trials, time.monotonic() - began)


def report(trials: Sequence[Trial], seconds: float) -> int:
    """Print the survivors and the counts; return 1 if too few mutants were killed."""
    reasons = known_equivalent()
    counts: Counter[str] = Counter()
    for trial in sorted(trials, key=lambda trial: str(trial.mutant)):
        mutant = trial.mutant
        assert mutant is not None
        outcome = trial.outcome
        reason = reasons.get((mutant.module.name, mutant.change))
        if outcome == SURVIVED and reason:
            outcome = "equivalent"
            print(f"equivalent {mutant} ({reason})")
        elif outcome == SURVIVED:
            print(f"survived   {mutant} [{len(trial.tests)} tests]")
        counts[outcome] += 1
    killed = counts[KILLED] + counts[TIMED_OUT]
    judged = killed + counts[SURVIVED]
    share = killed / judged if judged else 1.0
    print(
        f"{len(trials)} mutants: {killed} killed ({counts[TIMED_OUT]} by the time limit), "
        f"{counts[SURVIVED]} survived, {counts['equivalent']} equivalent; "
        f"{share:.1%} killed, target {TARGET:.0%}, {seconds:.0f} s"
    )
    return 0 if share >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
