"""Judge error messages of real services by the rules that get_run uses, against labels.

    python -m benchmarks.unseen_words [-v]

`error_messages.jsonl` has the messages, and says how they were labelled. Half of them were read while
the rules were written (tuned); the rules were never fitted to the other half (unseen). A kind other
than the label's is wrong, no kind where the label has one is unknown. With -v the wrong and unknown
messages of the tuned half are listed, and the wrong ones of the other half are not.
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retab_mcp.analysis.cause.classify import classify
from retab_mcp.models import Artifact, Failure, FailureKind, Operation, StepSummary

MESSAGES = Path(__file__).parent / "error_messages.jsonl"
# Shares of all messages.
MOST_WRONG = 0.02
MOST_UNKNOWN = 0.15


@dataclass(frozen=True)
class Judged:
    """A labelled message and the kind that the rules give it."""

    entry: dict[str, Any]
    said: str

    @property
    def outcome(self) -> str:
        """Return right, wrong or unknown."""
        if self.said == self.entry["kind"]:
            return "right"
        return "unknown" if self.said == FailureKind.UNKNOWN else "wrong"

    @property
    def half(self) -> str:
        """Return tuned or unseen, by the text alone."""
        digest = hashlib.sha256(self.entry["message"].encode()).digest()
        return "tuned" if digest[-1] % 2 else "unseen"


def entries() -> Iterator[dict[str, Any]]:
    """Yield the labelled messages."""
    for line in MESSAGES.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield json.loads(line)


def judge(entry: dict[str, Any]) -> Judged:
    """Judge a message in the place where the API gives it."""
    step = StepSummary(
        run_id="run", step_id="step", block_id="block", type=entry["block"], status="error"
    )
    if entry["form"] != "http":
        return Judged(entry, classify(Failure(message=entry["message"], stage="execution"), step).kind)
    status = entry["status"]
    body = {"error": {"code": entry.get("code"), "message": entry["message"]}}
    artifact = Artifact(
        id="call",
        operation=Operation.API_CALL_INVOCATION,
        data={"attempts": [{"response_status": status, "response_body": body}]},
    )
    failure = Failure(message=f"Request failed with status code {status}", stage="execution")
    return Judged(entry, classify(failure, step, artifact).kind)


def counts() -> dict[str, Counter[str]]:
    """Return the number of right, wrong and unknown messages of each half."""
    found: dict[str, Counter[str]] = {"tuned": Counter(), "unseen": Counter()}
    for judged in map(judge, entries()):
        found[judged.half][judged.outcome] += 1
    return found


def main() -> None:
    """Print the counts of both halves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true", help="list what is not right")
    verbose = parser.parse_args().verbose
    for half, count in counts().items():
        total = count.total()
        shares = "  ".join(
            f"{outcome} {count[outcome]} ({count[outcome] / total:.1%})"
            for outcome in ("right", "wrong", "unknown")
        )
        print(f"{half:7} {total} messages  {shares}")
    print(f"targets: under {MOST_WRONG:.0%} wrong, under {MOST_UNKNOWN:.0%} unknown")
    if not verbose:
        return
    for judged in sorted(map(judge, entries()), key=lambda each: each.outcome):
        if judged.outcome != "right" and judged.half == "tuned":
            entry = judged.entry
            place = entry.get("status", entry["form"])
            label = f"{entry['kind']}, said {judged.said}"
            print(f"{judged.outcome} {label} [{entry['block']} {place}] {entry['message']}")


if __name__ == "__main__":
    main()
