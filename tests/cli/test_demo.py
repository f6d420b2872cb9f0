"""`retab-mcp demo`."""

import os
import subprocess
import sys


def test_leads_to_the_cause_without_a_key() -> None:
    environment = {name: value for name, value in os.environ.items() if "RETAB" not in name}
    result = subprocess.run(
        [sys.executable, "-m", "retab_mcp", "demo"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "get_run(run_id='run_" in result.stdout
    assert "kind: called_api_down" in result.stdout
    assert result.stdout.rstrip().endswith("The first answer names the cause.")
