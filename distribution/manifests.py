"""The files that registries and clients read: server.json, the bundle and the plugin."""

import json
import re
from typing import Any

from retab_mcp import TITLE, WEBSITE, __version__
from retab_mcp.clients import ARGUMENTS, COMMAND, SERVER_NAME
from retab_mcp.prompts import PromptFile, prompt_files
from retab_mcp.settings import API_KEY_VARIABLE

PACKAGE = "retab-mcp"
OWNER = WEBSITE.split("/")[-2]
REGISTRY_NAME = f"io.github.{OWNER}/{PACKAGE}"
SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
DESCRIPTION = "Explains why a Retab workflow run failed, is stuck or finished wrong. Read-only."
AUTHOR = {"name": "The retab-mcp authors"}
KEYWORDS = ["retab", "mcp", "debugging", "workflows", "documents"]
SKILL_PROMPT = "debug_run"
_KEY = {
    "type": "string",
    "title": "Retab API key",
    "description": "Created in Retab's settings. It also selects the environment.",
    "sensitive": True,
    "required": True,
}


def server_json() -> dict[str, Any]:
    """Return the entry for the MCP registry."""
    return {
        "$schema": SCHEMA,
        "name": REGISTRY_NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": __version__,
        "websiteUrl": WEBSITE,
        "repository": {"url": WEBSITE, "source": "github"},
        "packages": [
            {
                "registryType": "pypi",
                "identifier": PACKAGE,
                "version": __version__,
                "runtimeHint": COMMAND,
                "transport": {"type": "stdio"},
                "environmentVariables": [
                    {
                        "name": API_KEY_VARIABLE,
                        "description": "Retab API key; it also selects the environment.",
                        "isRequired": True,
                        "isSecret": True,
                    }
                ],
            }
        ],
    }


def bundle_manifest() -> dict[str, Any]:
    """Return the manifest of the bundle (.mcpb) for Claude Desktop."""
    return {
        "manifest_version": "0.4",
        "name": PACKAGE,
        "display_name": TITLE,
        "version": __version__,
        "description": DESCRIPTION,
        "author": AUTHOR,
        "repository": {"type": "git", "url": WEBSITE},
        "homepage": WEBSITE,
        "license": "MIT",
        "keywords": KEYWORDS,
        "server": {
            "type": "uv",
            "entry_point": "src/server.py",
            "mcp_config": {
                "command": "uv",
                "args": ["run", "--no-dev", "--directory", "${__dirname}", "src/server.py"],
                "env": {API_KEY_VARIABLE: "${user_config.api_key}"},
            },
        },
        "tools_generated": True,
        "prompts_generated": True,
        "user_config": {"api_key": _KEY},
        "compatibility": {"runtimes": {"python": ">=3.11"}},
    }


def bundle_project() -> str:
    """Return the pyproject.toml in the bundle, from which the client installs the package."""
    return (
        f'[project]\nname = "{PACKAGE}-bundle"\nversion = "{__version__}"\n'
        f'requires-python = ">=3.11"\ndependencies = ["{PACKAGE}=={__version__}"]\n'
    )


def plugin_manifest() -> dict[str, Any]:
    """Return the manifest of the plugin for Claude Code."""
    return {
        "name": SERVER_NAME,
        "version": __version__,
        "description": DESCRIPTION,
        "author": AUTHOR,
        "homepage": WEBSITE,
        "repository": WEBSITE,
        "license": "MIT",
        "keywords": KEYWORDS,
        "userConfig": {"api_key": _KEY},
    }


def plugin_servers() -> dict[str, Any]:
    """Return the servers that the plugin starts."""
    environment = {API_KEY_VARIABLE: "${user_config.api_key}"}
    entry = {"command": COMMAND, "args": list(ARGUMENTS), "env": environment}
    return {"mcpServers": {SERVER_NAME: entry}}


def marketplace(plugin_folder: str) -> dict[str, Any]:
    """Return the list of plugins of this repository."""
    return {
        "name": PACKAGE,
        "description": f"The plugin of {PACKAGE}.",
        "owner": AUTHOR,
        "plugins": [
            {"name": SERVER_NAME, "source": f"./{plugin_folder}", "description": DESCRIPTION}
        ],
    }


def plugin_readme() -> str:
    """Return the page of the plugin."""
    return (
        f"# {TITLE}\n\n{DESCRIPTION}\n\nThe plugin starts `{COMMAND} {' '.join(ARGUMENTS)}` with "
        "the Retab API key that you enter when you install it, and adds a skill that leads through "
        "the investigation of a run. It sends GET requests to Retab only, and removes credentials "
        f"from every answer. It needs [uv](https://docs.astral.sh/uv/). See {WEBSITE}.\n"
    )


def skill_name() -> str:
    """Return the name of the skill, which is also that of its folder."""
    return SKILL_PROMPT.replace("_", "-")


def skill() -> str:
    """Return the skill: the prompt's text, with words in place of its arguments."""
    prompt = _prompt()
    text = prompt.fill({"run_id": "that the person names"})
    text = re.sub(r"\n{3,}", "\n\n", text)
    description = json.dumps(prompt.front["skill"], ensure_ascii=False)
    return f"---\nname: {skill_name()}\ndescription: {description}\n---\n\n{text}\n"


def _prompt() -> PromptFile:
    return next(file for file in prompt_files() if file.name == SKILL_PROMPT)
