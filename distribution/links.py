"""Install links: one click adds the server to a client. No link contains a key."""

import base64
import json
from urllib.parse import quote

from retab_mcp import TITLE
from retab_mcp.clients import SERVER_NAME, VSCODE_INPUTS, client_named
from retab_mcp.settings import API_KEY_VARIABLE


def cursor_link() -> str:
    """Return the link for Cursor; the person fills in the empty key that it adds."""
    entry = client_named("cursor").stdio_entry("")
    config = quote(base64.b64encode(_json(entry).encode()).decode(), safe="")
    return f"https://cursor.com/en/install-mcp?name={SERVER_NAME}&config={config}"


def vscode_link() -> str:
    """Return the link for VS Code, which asks for the key and stores it."""
    client = client_named("vscode")
    entry = client.stdio_entry(client.key_from_environment)
    config = {"name": SERVER_NAME, **entry, "inputs": list(VSCODE_INPUTS)}
    link = f"vscode:mcp/install?{quote(_json(config), safe='')}"
    return f"https://insiders.vscode.dev/redirect?url={quote(link, safe='')}"


def markdown() -> str:
    """Return the links as a line of Markdown."""
    return (
        f"[Add *{TITLE}* to Cursor]({cursor_link()}) (then fill in `{API_KEY_VARIABLE}`) · "
        f"[Add it to VS Code]({vscode_link()}) (asks for the key)"
    )


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
