"""The key is sent over https, or over http to loopback only."""

import pytest

from retab_mcp.retab.base_url import is_loopback, parse_base_url


@pytest.mark.parametrize(
    ("text", "base_url"),
    [
        ("https://api.retab.com", "https://api.retab.com"),
        ("https://api.retab.com/", "https://api.retab.com"),
        ("https://api.retab.com/v1", "https://api.retab.com"),
        ("https://api.retab.com/v1/", "https://api.retab.com"),
        ("  HTTPS://API.Retab.com:8443 ", "https://api.retab.com:8443"),
        ("https://gateway.example/retab/v1", "https://gateway.example/retab"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_good_urls(text: str, base_url: str) -> None:
    assert parse_base_url(text) == base_url
    assert parse_base_url(base_url) == base_url


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "start with https"),
        ("api.retab.com", "start with https"),
        ("ftp://api.retab.com", "start with https"),
        ("file:///etc/passwd", "start with https"),
        ("http://api.retab.com", "must use https"),
        ("http://localhost.example.com", "must use https"),
        ("http://127.0.0.1.nip.io", "must use https"),
        ("http://2130706433", "must use https"),
        ("https://user:hunter2@api.retab.com", "user name"),
        ("https://api.retab.com?key=hunter2", "query"),
        ("https://api.retab.com/?", "query"),
        ("https://api.retab.com#hunter2", "fragment"),
        ("https://", "plain"),
        ("https://api.retab.com:port", "not a valid URL"),
        ("https://api.retab.com:99999", "not a valid URL"),
        ("https://[::1", "not a valid URL"),
        ("https://127.0.0.1\\@evil.example", "user name"),
        ("https://127.0.0.1\\evil.example", "plain"),
        ("https://api.retab.com/../v1/secrets", "plain"),
        ("https://api.retab.com/a%2fb", "plain"),
        ("https://api.retab.com evil.example", "plain"),
    ],
)
def test_bad_urls_are_refused_without_being_shown(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as caught:
        parse_base_url(text)
    assert "hunter2" not in str(caught.value)


def test_loopback_hosts() -> None:
    assert all(is_loopback(host) for host in ("localhost", "LOCALHOST", "127.8.8.8", "::1"))
    assert not any(is_loopback(host) for host in ("", "10.0.0.1", "0.0.0.0", "localhost.x", "::2"))
