"""`retab-mcp check`."""

import json
import socket

import pytest

from retab_mcp.cli.connection import _clock, _proxy
from retab_mcp.settings import Settings
from tests.cli.conftest import Run


def test_all_is_well(run: Run) -> None:
    ran = run("check")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Retab answers with these settings")
    for name in ("Key", "Address", "Proxy", "TLS", "Generation", "Steps", "Reviews", "Clock"):
        assert name in ran.out
    checks = {each["name"]: each for each in json.loads(run("check", "--json").out)}
    assert checks["Generation"]["found"].startswith("g3")
    assert {each["outcome"] for each in checks.values()} == {"good"}


def test_names_a_wrong_setting_and_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAB_API_KEY", "")
    ran = run("check")
    assert ran.code == 2
    assert "Set RETAB_API_KEY to a key from Retab's dashboard." in ran.out
    monkeypatch.setenv("RETAB_API_KEY", "key with spaces")
    monkeypatch.setenv("RETAB_API_BASE_URL", "http://user:word@retab.example.com")
    ran = run("check")
    assert ran.code == 2
    assert "Correct RETAB_API_BASE_URL" in ran.out
    assert "word@" not in ran.out


def test_a_refused_key_and_a_closed_port(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAB_API_KEY", "rt_test_" + "wrong" * 4)
    ran = run("check")
    assert ran.code == 3
    assert "rejected the API key" in ran.out
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("RETAB_API_BASE_URL", f"http://127.0.0.1:{port}")
    assert run("check").code == 3


def test_the_password_of_a_proxy_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://me:word@proxy.example.com:3128")
    assert _proxy(Settings()).found == "proxy.example.com, from the environment"
    monkeypatch.setenv("NO_PROXY", "api.retab.com")
    assert _proxy(Settings()).found == "none"


@pytest.mark.parametrize(
    ("seconds", "found"), [(3, "agrees with"), (-600, "600 s behind"), (90, "90 s ahead of")]
)
def test_compares_the_clocks(seconds: float, found: str) -> None:
    check = _clock(seconds)
    assert found in check.found
    assert bool(check.to_do) == (abs(seconds) > 60)
