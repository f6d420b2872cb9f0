"""The vendor's own client against the sandbox, where it is installed."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from retab_mcp.sandbox.server import running_sandbox
from tests.samples import all_samples

DRIVER = Path(__file__).parents[2] / ".ci" / "drive_vendor_client.py"


def test_the_vendor_client_accepts_every_response() -> None:
    if importlib.util.find_spec("retab") is None:
        pytest.skip("the vendor's client (retab 0.0.160) is not installed; .ci/run installs it")
    with running_sandbox("g3", all_samples()) as sandbox:
        done = subprocess.run(
            [sys.executable, DRIVER, sandbox.base_url, sandbox.key],
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith(" 0 failed")
