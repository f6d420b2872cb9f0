"""Compare the start-up time with that of a bare SDK server.

    python -m benchmarks.startup [ROUNDS]

Measures from the start of the process to the response to `initialize`. Both servers take turns, so
that other work on the machine slows both. Prints medians of the rounds and of the ratios round by
round. Target: at most 1.10 times the bare server. Exits with 1 if the target is missed.
"""

import json
import statistics
import subprocess
import sys
import time

TARGET = 1.10
DEFAULT_ROUNDS = 15

BARE = """
from mcp.server import MCPServer
MCPServer("bare", log_level="WARNING").run("stdio")
"""
COMMANDS = {
    "bare SDK server": [sys.executable, "-c", BARE],
    "retab-mcp": [sys.executable, "-m", "retab_mcp"],
}
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "benchmark", "version": "1"},
    },
}


def seconds_to_answer(command: list[str]) -> float:
    """Start a server and return the seconds until the first line of its response."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(HELLO).encode() + b"\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        taken = time.perf_counter() - started
        process.stdin.close()
        process.wait()
    assert json.loads(answer)["result"]["serverInfo"]
    return taken


if __name__ == "__main__":
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_ROUNDS
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for number in range(rounds + 1):
        for name, command in COMMANDS.items():
            taken = seconds_to_answer(command)
            if number:  # round 0 only warms the page cache
                times[name].append(taken)
    for name, measured in times.items():
        print(f"{name}: median {statistics.median(measured) * 1000:.0f} ms")
    bare, ours = times.values()
    ratio = statistics.median(b / a for a, b in zip(bare, ours, strict=True))
    print(f"ratio, median of {rounds} rounds: {ratio:.2f} (target: at most {TARGET:.2f})")
    sys.exit(ratio > TARGET)
