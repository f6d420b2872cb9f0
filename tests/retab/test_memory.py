"""Reading a body of 64 MB takes less than 400 MB of memory, for any content."""

import subprocess
import sys

import pytest

MOST_MEGABYTES = 400

# The peak is measured per process, so each body is read in its own.
READ = """
import pathlib, sys
from retab_mcp.retab import routes
from retab_mcp.retab.decode import read_body
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import step_from_wire

unit, field, size, before = sys.argv[1].encode(), sys.argv[2], int(sys.argv[3]), sys.argv[4]
opening, closing = (b'"', b'"') if unit[:1] not in b'[{0"' else (b"[", b"0]")
value = opening + unit * (size // len(unit)) + closing
body = before.encode() + b'{"step_id":"s","' + field.encode() + b'":' + value + b"}"
del value
try:
    step = step_from_wire(read_body(routes.STEP, body), run_id="r")
    step.payload.handle_outputs
except RetabError as error:
    print(error.kind, end=" ")
else:
    print("read", end=" ")
# Not ru_maxrss, which begins at the size of the test process that started this one.
status = pathlib.Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""

FULL, PART = 64_000_000, 11_000_000
BYTE_ORDER_MARK = "\ufeff"  # bodies that only the tolerant parser reads


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize(
    ("unit", "size", "before", "field", "outcome"),
    [
        ("[],", FULL, "", "handle_outputs", "too_large"),
        ("[],", FULL, "", "error_details", "too_large"),
        ("[],", PART, "", "handle_outputs", "too_large"),
        ("[],", FULL, BYTE_ORDER_MARK, "handle_outputs", "too_large"),
        ("0.5,", FULL, "", "handle_outputs", "too_large"),
        ('{"a":1},', PART, "", "handle_outputs", "too_large"),
        ("plain text ", FULL, "", "handle_outputs", "read"),
        ("\U0001f600 text ", FULL, "", "handle_outputs", "too_large"),
    ],
    ids=[
        *("arrays", "arrays in an error", "fewer arrays", "arrays, tolerantly", "fractions"),
        *("objects", "text", "emoji"),
    ],
)
def test_the_memory_peak_is_bounded(
    unit: str, size: int, before: str, field: str, outcome: str
) -> None:
    arguments = [sys.executable, "-c", READ, unit, field, str(size), before]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=100, check=True)
    word, megabytes = done.stdout.split()
    assert word == outcome
    assert int(megabytes) < MOST_MEGABYTES
