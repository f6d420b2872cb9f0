"""Start the server from each snippet and link of the pages, as a client does, and ask about a run.

RETAB_API_BASE_URL and RETAB_API_KEY name the sandbox. A client passes the variables of the entry
and a few of its own, so only the address of the sandbox is added to what a page says.
"""

import asyncio
import base64
import json
import os
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from started import ask

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/clients.md")
# What stands for the key: to be typed over, asked for by VS Code, and left empty by Cursor's link.
PLACES_OF_THE_KEY = ("your key", "${input:retab-key}", "")
# The placeholder cannot be a key, since it holds a space.
WRONG_KEYS = (("wrong", "unauthorized"), ("your key", "not_configured"), ("", "not_configured"))
TABLES = ("mcpServers", "servers", "mcp_servers")
# Claude Desktop shares the README's; the page has eight clients, three with a command.
LEAST_ENTRIES = 16


def entries(page: str) -> Iterator[dict[str, Any]]:
    """Yield command, args and env of each local server that a page adds to a client."""
    for language, text in re.findall(r"```(json|toml)\n(.*?)```", page, re.DOTALL):
        contents = tomllib.loads(text) if language == "toml" else json.loads(text)
        for table in TABLES:
            yield from contents.get(table, {}).values()
    for line in re.findall(r"^(?:claude|codex|gemini) mcp add .*$", page, re.MULTILINE):
        yield _from_command(shlex.split(line))
    for link in re.findall(r"\]\((https://[^)]+)\)", page):
        query = parse_qs(urlsplit(link).query)
        if "config" in query:
            yield json.loads(base64.b64decode(query["config"][0]))
        elif "url" in query:
            yield json.loads(unquote(query["url"][0].partition("?")[2]))


def _from_command(words: list[str]) -> dict[str, Any]:
    env = dict(word.split("=", 1) for word in words if word.startswith("RETAB_"))
    command, *arguments = words[words.index("uvx") :]
    return {"command": command, "args": arguments, "env": env}


async def main() -> None:
    """Go from the pages to the cause of the README's run, and to what a wrong key shows."""
    pages = [(ROOT / page).read_text(encoding="utf-8") for page in PAGES]
    (run_id,) = set(re.findall(r"run_[\w-]{21}\b", pages[0]))
    found = [entry for page in pages for entry in entries(page) if "command" in entry]
    assert len(found) >= LEAST_ENTRIES, len(found)
    assert all(set(entry.get("env", {}).values()) <= set(PLACES_OF_THE_KEY) for entry in found)
    # They differ in nothing that a started server could see, except the sample runs' own.
    starts = {(entry["command"], *entry["args"], *sorted(entry["env"])): entry for entry in found}
    sandbox = {"RETAB_API_BASE_URL": os.environ["RETAB_API_BASE_URL"]}
    key = {"RETAB_API_KEY": os.environ["RETAB_API_KEY"]}
    for words, entry in starts.items():
        needs_key = bool(entry["env"])
        answer = await ask(entry, run_id, **(sandbox | key if needs_key else {}))
        assert answer["cause"]["step_id"] == "order-label", answer
        assert "422" in answer["cause"]["message"]
        if needs_key:
            for value, kind in WRONG_KEYS:
                refused = await ask(entry, run_id, **sandbox, RETAB_API_KEY=value)
                assert refused["kind"] == kind, refused
        print(f"{' '.join(words)}: {answer['cause']['message']}")
    print(f"snippets: {len(found)} on {len(PAGES)} pages, {len(starts)} different starts")


asyncio.run(main())
