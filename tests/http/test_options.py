"""Which combinations of options are refused at start."""

from pathlib import Path

import pytest

from retab_mcp.http.options import HttpOptions, OptionsError

OAUTH = {
    "issuer": "https://login.example.com",
    "audience": "https://mcp.example.com/mcp",
    "keys_file": "keys.json",
}


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"host": "0.0.0.0"}, "--allow-host"),
        ({"host": "::"}, "--allow-host"),
        ({"host": "mcp.example.com"}, "--allow-host"),
        ({"host": "0.0.0.0", "allowed_origins": ("https://a.example",)}, "--allow-host"),
        ({"host": "0.0.0.0", "allowed_hosts": ("a",), "shared_key": True}, "loopback"),
        ({"workers": 0}, "--workers"),
        ({"issuer": OAUTH["issuer"]}, "--audience"),
        ({"keys_file": "keys.json"}, "--issuer"),
        (OAUTH | {"shared_key": True}, "combined"),
        (OAUTH | {"issuer": "http://login.example.com"}, "--issuer"),
        (OAUTH | {"issuer": "file:///etc/passwd"}, "--issuer"),
        (OAUTH | {"audience": "mcp"}, "--audience"),
    ],
)
def test_unsafe_or_contradictory_options_are_refused(values: dict[str, object], word: str) -> None:
    with pytest.raises(OptionsError, match=word):
        HttpOptions(**values).check()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"host": "::1", "shared_key": True},
        {"host": "0.0.0.0", "allowed_hosts": ("mcp.example.com",)},
        OAUTH,
        OAUTH | {"issuer": "http://127.0.0.1:9000"},
    ],
)
def test_consistent_options_are_accepted(values: dict[str, object]) -> None:
    HttpOptions(**values).check()  # type: ignore[arg-type]


def test_options_survive_writing_and_reading(tmp_path: Path) -> None:
    options = HttpOptions(port=8123, workers=3, allowed_hosts=("a", "b"), log_level="debug")
    options.write(tmp_path / "options.json")
    assert HttpOptions.read(tmp_path / "options.json") == options
