"""How MCP clients are configured."""

import pytest

from retab_mcp.clients import CLIENTS, SERVER_NAME, McpClient, client_named, document

ENVIRONMENTS = {
    "darwin": {"HOME": "/Users/ada"},
    "linux": {"HOME": "/home/ada"},
    "win32": {"USERPROFILE": r"C:\Users\ada", "APPDATA": r"C:\Users\ada\AppData\Roaming"},
}


def test_every_client_has_a_file_on_every_platform() -> None:
    for client in CLIENTS:
        for platform, environment in ENVIRONMENTS.items():
            path = client.file(platform, environment) or ""
            assert "ada" in path
            assert not {"~", "%"} & set(path)
            assert ("/" in path) is (platform != "win32")
            assert client.file(platform, {}) is None
        assert client.file("freebsd14", {"HOME": "/home/ada"}) is None


def test_files_on_windows() -> None:
    files = {client.key: client.file("win32", ENVIRONMENTS["win32"]) for client in CLIENTS}
    roaming = r"C:\Users\ada\AppData\Roaming"
    assert files["claude-desktop"] == roaming + r"\Claude\claude_desktop_config.json"
    assert files["vscode"] == roaming + r"\Code\User\mcp.json"
    assert files["windsurf"] == r"C:\Users\ada\.codeium\windsurf\mcp_config.json"


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.key)
def test_entries_start_the_server_or_name_the_service(client: McpClient) -> None:
    local = client.stdio_entry("k")
    assert (local["command"], local["args"]) == ("uvx", ["retab-mcp"])
    assert local["env"] == {"RETAB_API_KEY": "k"}
    remote = client.http_entry("https://mcp.example.com/mcp", "k")
    assert (not remote) is (client.key == "claude-desktop")
    if remote:
        assert remote[client.url_key] == "https://mcp.example.com/mcp"
        assert "command" not in remote


def test_formats_that_differ() -> None:
    assert client_named("windsurf").http_entry()["serverUrl"]
    assert client_named("gemini").http_entry()["httpUrl"]
    assert client_named("vscode").stdio_entry()["type"] == "stdio"
    assert client_named("copilot").stdio_entry()["tools"] == ["*"]
    codex = client_named("codex").http_entry(api_key="secret")
    assert codex["bearer_token_env_var"] == "RETAB_API_KEY"
    assert "secret" not in str(codex)


def test_vs_code_asks_for_the_key() -> None:
    client = client_named("vscode")
    asked = document(client, client.stdio_entry(client.key_from_environment))
    assert asked["inputs"][0]["password"] is True
    assert list(asked["servers"]) == [SERVER_NAME] == ["retab-runs"]
    assert "inputs" not in document(client, client.stdio_entry("k"))
