"""Judge error messages of real services by the rules that get_run uses, against labels.

    python -m benchmarks.unseen_words [-v] [FILE ...]

`error_messages.jsonl` has the messages, and says how they were labelled. A kind other than the
label's is wrong, no kind where the label has one is unknown. The rules were written with these
messages in view, so the figures show what got worse; those of first sight, before a set was
read, are in docs/measurements.md. The report set, in a file of its own, is never tuned on, so its
figures stay those of unseen messages. To take others, give a FILE that no rule has seen.
With -v the wrong and unknown messages are listed, but for those of the report set. Exits with 1 if
a target is missed.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retab_mcp.analysis.cause.classify import classify
from retab_mcp.models import Artifact, Failure, FailureKind, Operation, StepSummary

MESSAGES = Path(__file__).parent / "error_messages.jsonl"
REPORT = Path(__file__).parent / "error_messages_report.jsonl"
REPORT_SET = 5
# Shares of the messages of a set.
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


def entries(path: Path = MESSAGES) -> Iterator[dict[str, Any]]:
    """Yield the labelled messages of a file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield json.loads(line)


def judge(entry: dict[str, Any]) -> Judged:
    """Judge a message in the place where the API gives it."""
    step = StepSummary(
        run_id="run", step_id="step", block_id="block", type=entry["block"], status="error"
    )
    if entry["form"] != "http":
        failure = Failure(message=entry["message"], stage="execution")
        return Judged(entry, classify(failure, step).kind)
    status = entry["status"]
    body = {"error": {"code": entry.get("code"), "message": entry["message"]}}
    artifact = Artifact(
        id="call",
        operation=Operation.API_CALL_INVOCATION,
        data={"attempts": [{"response_status": status, "response_body": body}]},
    )
    failure = Failure(message=f"Request failed with status code {status}", stage="execution")
    return Judged(entry, classify(failure, step, artifact).kind)


def main() -> int:
    """Print the counts of each set; return 1 if one misses a target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true", help="list what is not right")
    parser.add_argument("files", nargs="*", type=Path, default=[MESSAGES, REPORT])
    arguments = parser.parse_args()
    judged = [judge(entry) for file in arguments.files for entry in entries(file)]
    missed = False
    for number in sorted({each.entry.get("set", 0) for each in judged}):
        count = Counter(each.outcome for each in judged if each.entry.get("set", 0) == number)
        total = count.total()
        wrong, unknown = count["wrong"] / total, count["unknown"] / total
        missed |= wrong >= MOST_WRONG or unknown >= MOST_UNKNOWN
        print(
            f"set {number}: {total} messages, right {count['right']}, "
            f"wrong {count['wrong']} ({wrong:.1%}), unknown {count['unknown']} ({unknown:.1%})"
        )
    print(f"targets: under {MOST_WRONG:.0%} wrong, under {MOST_UNKNOWN:.0%} unknown")
    for each in judged if arguments.verbose else ():
        if each.outcome != "right" and each.entry.get("set") != REPORT_SET:
            entry = each.entry
            place = entry.get("status", entry["form"])
            label = f"{entry['kind']}, said {each.said}"
            print(f"{each.outcome} {label} [{entry['block']} {place}] {entry['message']}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
