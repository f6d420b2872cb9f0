"""`retab-mcp serve` without the packages of its extra."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("package", ["jwt", "opentelemetry", "prometheus_client"])
def test_names_the_missing_package_and_the_command_that_installs_it(package: str) -> None:
    code = (
        "import sys\n"
        f"sys.modules[{package!r}] = None\n"
        "from retab_mcp.cli.main import main\n"
        "sys.exit(main(['serve', '--http']))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"retab-mcp serve: the package {package}")
    assert result.stderr.endswith("is missing. Run: pip install 'retab-mcp[http]'\n")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("package", ["jwt", "prometheus_client"])
def test_the_stdio_server_needs_none_of_them(package: str) -> None:
    code = (
        "import sys\n"
        f"sys.modules[{package!r}] = None\n"
        "from retab_mcp.cli.main import main\n"
        "sys.exit(main([]))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        input="",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
