"""What only a real process shows: imports, closed pipes, Ctrl-C."""

import os
import signal
import subprocess
import sys

import pytest

from retab_mcp.sandbox.server import RunningSandbox
from tests.samples import sample_named

FAILED = sample_named("label-rejected").runs[0].id


@pytest.fixture
def environment(sandbox: RunningSandbox) -> dict[str, str]:
    settings = {"RETAB_API_KEY": sandbox.key, "RETAB_API_BASE_URL": sandbox.base_url}
    return {**os.environ, **settings}


def test_a_closed_pipe_ends_quietly_on_a_console_of_one_byte(environment: dict[str, str]) -> None:
    code = (
        "import sys\n"
        "from retab_mcp.cli.main import main\n"
        "code = main(sys.argv[1:])\n"
        "print('rich' in sys.modules, code, file=sys.stderr)\n"
    )
    read, write = os.pipe()
    os.close(read)
    result = subprocess.run(
        [sys.executable, "-c", code, "why", FAILED],
        env={**environment, "PYTHONIOENCODING": "cp1252"},
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(write)
    assert result.stderr == "False 141\n"


def test_a_console_of_one_byte_gets_letters_that_it_has(environment: dict[str, str]) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "retab_mcp", "why", FAILED],
        env={**environment, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.decode("cp1252").startswith(f"x failed  {FAILED}")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_ends_quietly(sandbox: RunningSandbox, environment: dict[str, str]) -> None:
    asked_before = len(sandbox.requests)
    running = sample_named("lading-running").runs[0].id
    process = subprocess.Popen(
        [sys.executable, "-m", "retab_mcp", "why", running, "--wait", "60"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A job in the background of a shell starts with Ctrl-C ignored, and so do its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while len(sandbox.requests) == asked_before:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err.strip()) == (130, "", "")
