"""Configuration snippets of clients, as Markdown."""

import json
from collections.abc import Mapping
from typing import Any

from retab_mcp.clients import (
    ARGUMENTS,
    CLIENTS,
    COMMAND,
    EXAMPLE_URL,
    KEY_PLACEHOLDER,
    SERVER_NAME,
    McpClient,
    client_named,
    document,
)
from retab_mcp.settings import API_KEY_VARIABLE

_PLATFORMS = {"darwin": "macOS", "linux": "Linux", "win32": "Windows"}
_LAUNCH = " ".join((COMMAND, *ARGUMENTS))
SAMPLE_RUNS_COMMAND = f"claude mcp add retab-samples -- {_LAUNCH} sandbox stdio"


def code(client: McpClient, entry: Mapping[str, Any]) -> str:
    """Return a file of the client with this entry, as a fenced block."""
    contents = document(client, entry)
    if client.is_toml:
        return f"```toml\n{_toml(contents[client.table][SERVER_NAME], client.table)}```"
    return f"```json\n{json.dumps(contents, indent=2)}\n```"


def stdio_entry(client: McpClient) -> dict[str, Any]:
    """Return the entry to show: VS Code asks for the key, the others have it in the file."""
    asks = client.key == "vscode"
    return client.stdio_entry(client.key_from_environment if asks else KEY_PLACEHOLDER)


def http_entry(client: McpClient) -> dict[str, Any]:
    """Return the entry to show for a service; the key is a reference where that is possible."""
    return client.http_entry(EXAMPLE_URL, client.key_from_environment or KEY_PLACEHOLDER)


def files(client: McpClient) -> str:
    """Return where the client keeps its servers."""
    places: dict[str, list[str]] = {}
    for platform, path in client.files.items():
        shown = path if platform != "win32" else _windows(path)
        places.setdefault(shown, []).append(_PLATFORMS[platform])
    lines = [f"- {', '.join(names)}: `{path}`" for path, names in places.items()]
    if client.project_file:
        lines.append(f"- in one project: `{client.project_file}`")
    return "\n".join(lines)


def commands() -> dict[str, str]:
    """Return by client the command that adds the server, for clients with such a command."""
    key = f'{API_KEY_VARIABLE}="{KEY_PLACEHOLDER}"'
    return {
        "claude-code": f"claude mcp add {SERVER_NAME} -e {key} -- {_LAUNCH}",
        "codex": f"codex mcp add {SERVER_NAME} --env {key} -- {_LAUNCH}",
        "gemini": f"gemini mcp add -s user -e {key} {SERVER_NAME} {_LAUNCH}",
    }


def section(client: McpClient) -> str:
    """Return all that is known about a client: command, file, and both entries."""
    parts = []
    if command := commands().get(client.key):
        parts.append(f"```\n{command}\n```\n\nOr in its file:")
    parts += [files(client), code(client, stdio_entry(client))]
    if entry := http_entry(client):
        parts.append(f"A service at `{EXAMPLE_URL}`:\n\n{code(client, entry)}")
    return "\n\n".join(parts)


def readme_block() -> str:
    """Return the snippets of the README: two commands, and the file that most clients share."""
    shared = client_named("claude-desktop")
    return (
        f"**Claude Code**, in one line:\n\n```\n{commands()['claude-code']}\n```\n\n"
        f"Or with sample runs, without a key:\n\n```\n{SAMPLE_RUNS_COMMAND}\n```\n\n"
        "**Claude Desktop** (`claude_desktop_config.json`) and **Cursor** (`.cursor/mcp.json`):\n\n"
        f"{code(shared, stdio_entry(shared))}"
    )


def sections() -> dict[str, str]:
    """Return the section of each client by its key."""
    return {client.key: section(client) for client in CLIENTS}


def _windows(path: str) -> str:
    return path.replace("~", "%USERPROFILE%").replace("/", "\\")


def _toml(entry: Mapping[str, Any], table: str) -> str:
    lines = [f"[{table}.{SERVER_NAME}]"]
    for name, value in entry.items():
        if isinstance(value, dict):
            inside = ", ".join(f"{key} = {json.dumps(each)}" for key, each in value.items())
            lines.append(f"{name} = {{ {inside} }}")
        else:
            lines.append(f"{name} = {json.dumps(value)}")
    return "\n".join(lines) + "\n"
