"""What benchmarks/load.py measures of a load, over HTTP and over stdio."""

import itertools
import os
import random
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SEED = 7

Call = tuple[str, dict[str, str]]


@dataclass
class Measured:
    """The result of one load: latencies by tool, errors, CPU time, and memory."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    mib_at_half: float = 0.0
    mib_at_end: float = 0.0

    @property
    def calls(self) -> int:
        """Return the number of calls."""
        return sum(map(len, self.milliseconds.values()))

    @property
    def throughput(self) -> float:
        """Return calls per second."""
        return self.calls / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Return CPU milliseconds of the server per call."""
        return self.cpu_seconds * 1000 / self.calls

    def quantiles(self, tool: str) -> tuple[float, float]:
        """Return the median and the 99th percentile of a tool's latency, in milliseconds."""
        values = self.milliseconds[tool]
        return statistics.median(values), statistics.quantiles(values, n=100)[98]

    @property
    def growth(self) -> float:
        """Return how much memory grew in the second half, as a fraction."""
        return self.mib_at_end / self.mib_at_half - 1


def endless(calls: Sequence[Call], seed: str) -> Iterator[Call]:
    """Repeat the calls forever, in an order that depends on the seed."""
    order = list(calls)
    random.Random(f"{SEED}{seed}").shuffle(order)
    return itertools.cycle(order)


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mib(pid: int) -> float:
    """Return the resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
