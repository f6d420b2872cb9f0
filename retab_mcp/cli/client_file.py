"""The configuration file of an MCP client, and the entry of this server in it."""

import difflib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from retab_mcp.cli.private_file import PRIVATE, write_private
from retab_mcp.clients import (
    ARGUMENTS,
    COMMAND,
    KEY_PLACEHOLDER,
    SERVER_NAME,
    McpClient,
    client_named,
    document,
)
from retab_mcp.retab.base_url import is_loopback
from retab_mcp.safety.sanitize import sanitize_text
from retab_mcp.settings import API_KEY_VARIABLE, Settings

_GIT_SECONDS = 10.0
# Where uv keeps the environments of uvx, which it removes from time to time.
_UVX_FOLDER = "archive-v0"
_ASKS_FOR_KEY = "${input:"


class InstallError(Exception):
    """The file cannot be changed; the message says why and what to do."""


@dataclass(frozen=True)
class ClientFile:
    """A client's file as it is (`before`, None if there is none) and as it will be (`after`).

    `shown_entry` is a file with this entry alone, without the key.
    """

    path: Path
    title: str
    before: str | None
    after: str
    secret: str
    notes: tuple[str, ...]
    shown_entry: str

    @classmethod
    def of(cls, key: str, url: str = "") -> "ClientFile":
        """Return the file of a client with the entry added. Raises InstallError.

        `url` is that of a service over HTTP; without it, the entry starts this program.
        """
        client = client_named(key)
        named = client.file(sys.platform, os.environ)
        if named is None:
            raise InstallError(f"the folder of {client.title}'s settings is unknown here.")
        # A link leads to the file that is read, perhaps in a repository of settings.
        path = Path(named).resolve()
        before = _read(path)
        written, notes = _key_to_write(client, path, url)
        entry = _entry(client, url, written)
        secret = written if written == Settings.from_environment().api_key else ""
        shown = _entry(client, url, KEY_PLACEHOLDER if secret else written)
        return cls(
            path,
            client.title,
            before,
            _with_entry(client, before or "", entry, path),
            secret,
            notes,
            _with_entry(client, "", shown, path),
        )

    def change(self) -> str:
        """Return the change as a diff without keys; "" if the file has the entry already."""
        if self.before == self.after:
            return ""
        old, new = (self._hidden(text).splitlines() for text in (self.before or "", self.after))
        name = self.path.name
        return "\n".join(difflib.unified_diff(old, new, name, name, n=2, lineterm=""))

    def write(self) -> Path | None:
        """Write the file; return the copy of the old one, if there was one.

        Raises InstallError.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            backup = self._keep_old() if self.before is not None else None
            _replace(self.path, self.after)
        except OSError as error:
            raise InstallError(f"cannot write {self.path}: {error.strerror}.") from None
        return backup

    def _keep_old(self) -> Path:
        moment = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        backup = self.path.with_name(f"{self.path.name}.{moment}.bak")
        shutil.copy2(self.path, backup)
        backup.chmod(PRIVATE)
        return backup

    def _hidden(self, text: str) -> str:
        if self.secret:
            text = text.replace(self.secret, "[your key]")
        return "\n".join(sanitize_text(line)[0] for line in text.splitlines())


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise InstallError(f"cannot read {path} as UTF-8 text.") from None


def _key_to_write(client: McpClient, path: Path, url: str) -> tuple[str, tuple[str, ...]]:
    """Return the key, or the reference to it, that goes into the file, and notes about it.

    Raises InstallError if neither can be written.
    """
    reference = client.key_from_environment
    if reference.startswith(_ASKS_FOR_KEY):
        return reference, (f"{client.title} asks for the key when it starts the server.",)
    needs = f"{client.title} reads the key from {API_KEY_VARIABLE}: set it where you start it."
    if client.is_toml and url:
        return KEY_PLACEHOLDER, (needs,)
    tracked = is_in_git(path)
    key = Settings.from_environment().api_key
    if key and not tracked:
        return key, ()
    if client.is_toml or reference:
        return reference, (needs,)
    if tracked:
        raise InstallError(f"Git tracks {path}, so the key is not written. Use --print.")
    raise InstallError(f"{API_KEY_VARIABLE} is empty. Set it for this command.")


def _entry(client: McpClient, url: str, key: str) -> dict[str, Any]:
    if url:
        entry = client.http_entry(_checked(url), key)
        if not entry:
            raise InstallError(
                f"{client.title} takes services in its settings, not in the file: add {url} there."
            )
        return entry
    command, arguments = _start_command()
    entry = client.stdio_entry(key, command, arguments)
    if not key:
        # Codex passes on the variables that are named here.
        entry.pop("env")
        entry["env_vars"] = [API_KEY_VARIABLE]
    return entry


def _start_command() -> tuple[str, tuple[str, ...]]:
    """Return how a client starts this program: by its absolute path, as PATH is short there."""
    if _UVX_FOLDER in Path(sys.prefix).parts:
        return COMMAND, ARGUMENTS
    return sys.executable, ("-m", "retab_mcp")


def _checked(url: str) -> str:
    parts = urlsplit(url)
    secure = parts.scheme == "https" or (
        parts.scheme == "http" and is_loopback(parts.hostname or "")
    )
    if not secure or not parts.hostname or parts.username:
        raise InstallError("--http must be an https:// URL, or http:// on loopback.")
    return url


def is_in_git(path: Path) -> bool:
    """Return whether Git tracks a file, or would with the next `git add`."""
    folder = next((each for each in path.parents if each.is_dir()), None)
    if folder is None or shutil.which("git") is None:
        return False

    def answers(*words: str) -> int:
        return subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), *words],  # noqa: S607
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=False,
        ).returncode

    if answers("rev-parse", "--is-inside-work-tree") != 0:
        return False
    tracked = answers("ls-files", "--error-unmatch", "--", str(path)) == 0
    return tracked or answers("check-ignore", "--quiet", "--", str(path)) != 0


def _with_entry(client: McpClient, text: str, entry: Mapping[str, Any], path: Path) -> str:
    """Return the text of a file with the entry in its place; comments of TOML stay."""
    if client.is_toml:
        return _toml_with(client, text, entry, path)
    try:
        contents = json.loads(text) if text.strip() else {}
    except ValueError:
        raise InstallError(
            f"{path} is not plain JSON (it may have comments). Add what --print shows yourself."
        ) from None
    servers = contents.setdefault(client.table, {}) if isinstance(contents, dict) else None
    if not isinstance(servers, dict):
        raise InstallError(f"{path} has no object {client.table}. Correct it first.")
    if servers.get(SERVER_NAME) == entry and text:
        return text
    added = document(client, entry)
    servers[SERVER_NAME] = added[client.table][SERVER_NAME]
    for wanted in added.get("inputs", []):
        inputs = contents.setdefault("inputs", [])
        if not isinstance(inputs, list):
            raise InstallError(f"{path} has no array inputs. Correct it first.")
        if not any(isinstance(each, dict) and each.get("id") == wanted["id"] for each in inputs):
            inputs.append(wanted)
    return json.dumps(contents, indent=_indent(text), ensure_ascii=False) + "\n"


def _toml_with(client: McpClient, text: str, entry: Mapping[str, Any], path: Path) -> str:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        contents = tomlkit.parse(text)
        if client.table not in contents:
            contents.add(client.table, tomlkit.table(is_super_table=True))
        servers: Any = contents[client.table]
        if SERVER_NAME in servers and servers[SERVER_NAME].unwrap() == entry:
            return text
        servers[SERVER_NAME] = tomlkit.item(dict(entry))
    except (TOMLKitError, TypeError, AttributeError):
        raise InstallError(f"{path} is not a valid TOML file of {client.title}.") from None
    return tomlkit.dumps(contents)


def _indent(text: str) -> int | str:
    """Return the indent that a JSON file has; two spaces for a new one."""
    lines = text.splitlines()
    first = lines[1] if len(lines) > 1 else ""
    space = first[: len(first) - len(first.lstrip())]
    return "\t" if space.startswith("\t") else len(space) or 2


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all, for its owner only: it may have a key."""
    mode = path.stat().st_mode & 0o777 if path.exists() else PRIVATE
    write_private(path, text.encode(), overwrite=True, mode=mode & ~0o077)
