"""How MCP clients are configured: their files, their formats, and the entry of this server.

The one place for this knowledge: docs, links, the plugin and `retab-mcp install` are made from it.
"""

import ntpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from retab_mcp.settings import API_KEY_VARIABLE

# Not `retab`: that is the name of Retab's own server, and an entry of that name would replace it.
SERVER_NAME = "retab-runs"
COMMAND = "uvx"
ARGUMENTS = ("retab-mcp",)
KEY_PLACEHOLDER = "your key"
EXAMPLE_URL = "https://mcp.example.com/mcp"


@dataclass(frozen=True, kw_only=True)
class McpClient:
    """A client: where it keeps its servers, and how an entry is written.

    `files` maps `sys.platform` to the user's file: `~` is the home directory, `%APPDATA%` the
    variable on Windows. `project_file` is relative to a project, "" if there is none. `table` is
    the key that holds the servers by name; the format is TOML if `is_toml`, else JSON.
    `stdio_extra` and `http_extra` are fixed keys of an entry. `url_key` is "" for a client whose
    file takes local servers only. `key_from_environment` writes the key as a reference that the
    client replaces by a variable of its own environment, "" if it has no such syntax.
    """

    key: str
    title: str
    files: Mapping[str, str]
    project_file: str = ""
    table: str = "mcpServers"
    is_toml: bool = False
    stdio_extra: Mapping[str, Any] = field(default_factory=dict)
    http_extra: Mapping[str, Any] = field(default_factory=dict)
    url_key: str = "url"
    key_from_environment: str = ""

    def stdio_entry(
        self,
        api_key: str = KEY_PLACEHOLDER,
        command: str = COMMAND,
        arguments: tuple[str, ...] = ARGUMENTS,
    ) -> dict[str, Any]:
        """Return the entry that starts the server as a child process of the client."""
        return {
            **self.stdio_extra,
            "command": command,
            "args": list(arguments),
            "env": {API_KEY_VARIABLE: api_key},
        }

    def http_entry(self, url: str = EXAMPLE_URL, api_key: str = KEY_PLACEHOLDER) -> dict[str, Any]:
        """Return the entry for the service at `url`; {} if the client's file cannot hold one."""
        if not self.url_key:
            return {}
        if self.is_toml:
            # The name of the variable, not its value: Codex keeps no tokens in its file.
            return {self.url_key: url, "bearer_token_env_var": API_KEY_VARIABLE}
        return {
            **self.http_extra,
            self.url_key: url,
            "headers": {"Authorization": f"Bearer {api_key}"},
        }

    def file(self, platform: str, environment: Mapping[str, str]) -> str | None:
        """Return the path of the user's file on `sys.platform`, None if there is none.

        `environment` holds HOME, or USERPROFILE and APPDATA on Windows; without them, None.
        """
        template = self.files.get(platform)
        windows = platform == "win32"
        home = environment.get("USERPROFILE" if windows else "HOME", "")
        if template is None:
            return None
        for sign, folder in (("%APPDATA%", environment.get("APPDATA", "")), ("~", home)):
            if template.startswith(sign):
                if not folder:
                    return None
                path = folder + template.removeprefix(sign)
                return ntpath.normpath(path) if windows else path
        return template


def _everywhere(path: str) -> dict[str, str]:
    """Return the files of a client that uses the same path in the home directory everywhere."""
    return {"darwin": path, "linux": path, "win32": path}


CLIENTS = (
    McpClient(
        key="claude-desktop",
        title="Claude Desktop",
        files={
            "darwin": "~/Library/Application Support/Claude/claude_desktop_config.json",
            "win32": r"%APPDATA%\Claude\claude_desktop_config.json",
            "linux": "~/.config/Claude/claude_desktop_config.json",
        },
        # Services are added under Settings > Connectors, not in the file.
        url_key="",
    ),
    McpClient(
        key="claude-code",
        title="Claude Code",
        files=_everywhere("~/.claude.json"),
        project_file=".mcp.json",
        stdio_extra={"type": "stdio"},
        http_extra={"type": "http"},
        key_from_environment=f"${{{API_KEY_VARIABLE}}}",
    ),
    McpClient(
        key="cursor",
        title="Cursor",
        files=_everywhere("~/.cursor/mcp.json"),
        project_file=".cursor/mcp.json",
        key_from_environment=f"${{env:{API_KEY_VARIABLE}}}",
    ),
    McpClient(
        key="vscode",
        title="VS Code",
        files={
            "darwin": "~/Library/Application Support/Code/User/mcp.json",
            "win32": r"%APPDATA%\Code\User\mcp.json",
            "linux": "~/.config/Code/User/mcp.json",
        },
        project_file=".vscode/mcp.json",
        table="servers",
        stdio_extra={"type": "stdio"},
        http_extra={"type": "http"},
        key_from_environment="${input:retab-key}",
    ),
    McpClient(
        key="codex",
        title="Codex",
        files=_everywhere("~/.codex/config.toml"),
        table="mcp_servers",
        is_toml=True,
    ),
    McpClient(
        key="gemini",
        title="Gemini CLI",
        files=_everywhere("~/.gemini/settings.json"),
        project_file=".gemini/settings.json",
        url_key="httpUrl",
        key_from_environment=f"${API_KEY_VARIABLE}",
    ),
    McpClient(
        key="windsurf",
        title="Windsurf",
        files=_everywhere("~/.codeium/windsurf/mcp_config.json"),
        url_key="serverUrl",
        key_from_environment=f"${{env:{API_KEY_VARIABLE}}}",
    ),
    McpClient(
        key="copilot",
        title="Copilot CLI",
        files=_everywhere("~/.copilot/mcp-config.json"),
        stdio_extra={"type": "local", "tools": ["*"]},
        http_extra={"type": "http", "tools": ["*"]},
    ),
)

# What VS Code asks for once, and stores outside its file.
VSCODE_INPUTS = (
    {"type": "promptString", "id": "retab-key", "description": "Retab API key", "password": True},
)


def client_named(key: str) -> McpClient:
    """Return the client with this key; raise KeyError for another."""
    return {client.key: client for client in CLIENTS}[key]


def document(client: McpClient, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the contents of a file of the client that holds only this server."""
    inputs = {"inputs": list(VSCODE_INPUTS)} if "${input:" in str(entry) else {}
    return {**inputs, client.table: {SERVER_NAME: dict(entry)}}
