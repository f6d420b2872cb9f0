"""Write every file that is made from the package.

    python -m distribution.generate [--write]

Without `--write`, it lists the files that are not current. `--write` also renews the real answers
in README.md and docs/tools.md. Tests check that all are current.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from distribution import links, manifests, snippets

ROOT = Path(__file__).parent.parent
PLUGIN = "distribution/claude-plugin"
BUNDLE = "distribution/mcpb"
_BUNDLE_SERVER = '''\
"""Start the server that the bundle installed."""

from retab_mcp.cli.main import main

raise SystemExit(main())
'''


def made_files() -> dict[str, str]:
    """Return the text of the files that nobody edits, by path."""
    return {
        "server.json": _json(manifests.server_json()),
        f"{BUNDLE}/manifest.json": _json(manifests.bundle_manifest()),
        f"{BUNDLE}/pyproject.toml": manifests.bundle_project(),
        f"{BUNDLE}/src/server.py": _BUNDLE_SERVER,
        f"{BUNDLE}/.mcpbignore": ".venv/\nuv.lock\n",
        f"{PLUGIN}/.claude-plugin/plugin.json": _json(manifests.plugin_manifest()),
        f"{PLUGIN}/.mcp.json": _json(manifests.plugin_servers()),
        f"{PLUGIN}/README.md": manifests.plugin_readme(),
        f"{PLUGIN}/skills/{manifests.skill_name()}/SKILL.md": manifests.skill(),
        ".claude-plugin/marketplace.json": _json(manifests.marketplace(PLUGIN)),
    }


def blocks() -> dict[str, dict[str, str]]:
    """Return the blocks between markers in pages that people edit, by page and name."""
    return {
        "README.md": {"links": links.markdown(), "snippets": snippets.readme_block()},
        "docs/clients.md": {"links": links.markdown(), **snippets.sections()},
        "docs/deployment.md": {
            "nginx": _fenced("nginx", "deploy/nginx.conf", "http {"),
            "compose": _fenced("yaml", "deploy/compose.yaml"),
            "kubernetes": _fenced("yaml", "deploy/kubernetes.yaml"),
        },
    }


def with_blocks(page: str, made: Mapping[str, str]) -> str:
    """Return the page with each block between its markers; raise ValueError if one has none."""
    for name, block in made.items():
        marked = rf"(?<=<!-- generated: {name} -->\n).*?(?=<!-- end of generated -->)"
        text = f"{block}\n".replace("\\", r"\\")
        page, count = re.subn(marked, text, page, flags=re.DOTALL)
        if count != 1:
            raise ValueError(f"{count} places are marked for {name}")
    return page


def all_files() -> dict[str, str]:
    """Return the current text of every file that is made, wholly or in part, by path."""
    pages = {
        page: with_blocks((ROOT / page).read_text(encoding="utf-8"), made)
        for page, made in blocks().items()
    }
    return made_files() | pages


def outdated() -> list[str]:
    """Return the paths of the files that are missing or not current."""
    return [
        path
        for path, text in all_files().items()
        if not (ROOT / path).is_file() or (ROOT / path).read_text(encoding="utf-8") != text
    ]


def write() -> None:
    """Write all files."""
    for path, text in all_files().items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")


def _fenced(language: str, path: str, start: str = "") -> str:
    text = (ROOT / path).read_text(encoding="utf-8")
    return f"```{language}\n{text[text.index(start) :]}```"


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Run the command; return its exit code."""
    if arguments == ["--write"]:
        write()
        answers = [sys.executable, "docs/answers.py", "--write"]
        return subprocess.run(answers, cwd=ROOT, check=False).returncode  # noqa: S603
    paths = outdated()
    for path in paths:
        print(path)
    return 1 if paths else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
