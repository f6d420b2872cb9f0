"""The server before its first call."""

import subprocess
import sys

# Imported with the first call: together they would double the time of a start.
LATE = (
    *("httpx", "re2", "prometheus_client", "jwt", "tenacity", "itsdangerous"),
    *("retab_mcp.analysis", "retab_mcp.answers", "retab_mcp.models", "retab_mcp.queries"),
    *("retab_mcp.retab", "retab_mcp.safety", "retab_mcp.digest", "retab_mcp.sandbox"),
)


def test_a_start_imports_nothing_that_only_calls_need() -> None:
    code = (
        "import sys\n"
        "from retab_mcp.server import build_server\n"
        "from retab_mcp.settings import Settings\n"
        "build_server(Settings())\n"
        f"print(sorted(set({LATE!r}) & set(sys.modules)))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stdout == "[]\n"
