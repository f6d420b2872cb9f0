"""Run commands in this process against a sandbox on loopback."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from retab_mcp.cli.main import main
from retab_mcp.sandbox.server import RunningSandbox, running_sandbox
from retab_mcp.settings import API_KEY_VARIABLE, BASE_URL_VARIABLE
from tests.samples import all_samples


@dataclass(frozen=True)
class Ran:
    """What a command did: its exit code and what it wrote."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox("g3", all_samples()) as running:
        yield running


@pytest.fixture
def run(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Return the function that runs a command line against the sandbox."""
    monkeypatch.setenv(API_KEY_VARIABLE, sandbox.key)
    monkeypatch.setenv(BASE_URL_VARIABLE, sandbox.base_url)

    def command(*arguments: str) -> Ran:
        code = main(arguments)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return command
