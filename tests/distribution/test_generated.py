"""Files and snippets for registries and clients are current, and keep the rules of their formats."""

import base64
import json
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from distribution import generate, links, manifests, snippets
from retab_mcp import WEBSITE, __version__
from retab_mcp.clients import CLIENTS, McpClient, client_named

ROOT = Path(__file__).parents[2]
FENCED = re.compile(r"```(json|toml)\n(.*?)```", re.DOTALL)


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_every_generated_file_is_current() -> None:
    assert generate.outdated() == [], "run: python -m distribution.generate --write"


def test_a_page_without_a_marker_is_refused() -> None:
    with pytest.raises(ValueError, match="0 places are marked for links"):
        generate.with_blocks("no markers", {"links": "text"})


def test_the_version_is_the_same_everywhere() -> None:
    entry = json.loads(text_of("server.json"))
    assert entry["version"] == entry["packages"][0]["version"] == __version__
    assert json.loads(text_of("distribution/mcpb/manifest.json"))["version"] == __version__
    bundle = tomllib.loads(text_of("distribution/mcpb/pyproject.toml"))["project"]
    assert bundle["dependencies"] == [f"retab-mcp=={__version__}"]
    plugin = json.loads(text_of("distribution/claude-plugin/.claude-plugin/plugin.json"))
    assert plugin["version"] == __version__
    for path in ("deploy/compose.yaml", "deploy/kubernetes.yaml"):
        assert re.findall(r"retab-mcp:([\d.]+)", text_of(path)) == [__version__]


# server.json, by the rules of the registry's schema 2025-12-11 and of its reference


def only(value: dict[str, Any], *names: str) -> None:
    # The schema lets unknown keys pass, such as environment_variables in snake case.
    assert set(value) <= set(names)


def test_the_registry_entry_keeps_the_rules() -> None:
    entry = json.loads(text_of("server.json"))
    only(
        entry,
        *("$schema", "name", "title", "description", "version", "websiteUrl", "repository"),
        *("packages", "remotes", "icons"),
    )
    assert entry["$schema"].endswith("/2025-12-11/server.schema.json")
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", entry["name"])
    assert 3 <= len(entry["name"]) <= 200
    assert 1 <= len(entry["description"]) <= 100
    assert 1 <= len(entry["title"]) <= 100
    assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"])
    only(entry["repository"], "url", "source", "id", "subfolder")
    assert entry["repository"] == {"url": WEBSITE, "source": "github"}
    (package,) = entry["packages"]
    only(
        package,
        *("registryType", "identifier", "version", "runtimeHint", "transport"),
        *("environmentVariables", "packageArguments", "runtimeArguments", "fileSha256"),
    )
    assert package["registryType"] == "pypi"
    assert package["transport"] == {"type": "stdio"}
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    assert package["identifier"] == project["name"]
    for variable in package["environmentVariables"]:
        only(variable, "name", "description", "isRequired", "isSecret", "default", "format")
        assert variable["isSecret"] is True


def test_the_readme_proves_the_ownership_of_the_package() -> None:
    name = json.loads(text_of("server.json"))["name"]
    readme = text_of("README.md")
    assert re.findall(r"<!-- mcp-name: (\S+) -->", readme) == [name]
    assert f'io.modelcontextprotocol.server.name="{name}"' in text_of("Dockerfile")
    assert tomllib.loads(text_of("pyproject.toml"))["project"]["readme"] == "README.md"


# The bundle: what its validator does not see


def test_the_bundle_holds_what_its_manifest_names() -> None:
    folder = ROOT / "distribution" / "mcpb"
    manifest = json.loads(text_of("distribution/mcpb/manifest.json"))
    server = manifest["server"]
    assert server["type"] == "uv"
    assert manifest["manifest_version"] == "0.4"
    assert re.fullmatch(r"[a-z0-9-]+", manifest["name"])
    assert (folder / server["entry_point"]).is_file()
    assert server["mcp_config"]["args"][-1] == server["entry_point"]
    used = set(re.findall(r"\$\{user_config\.(\w+)}", json.dumps(manifest)))
    assert used == set(manifest["user_config"])
    assert all(each["sensitive"] for each in manifest["user_config"].values())
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert files == {"manifest.json", "pyproject.toml", "src/server.py", ".mcpbignore"}
    # `uv run` writes both into the folder; the lock would name the index of this machine.
    assert {".venv/", "uv.lock"} <= set(text_of("distribution/mcpb/.mcpbignore").split())


# The plugin


def test_the_plugin_asks_for_the_key_and_passes_it_on() -> None:
    plugin = json.loads(text_of("distribution/claude-plugin/.claude-plugin/plugin.json"))
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", plugin["name"])
    (option,) = plugin["userConfig"].values()
    assert option["type"] == "string"
    assert option["sensitive"] is True
    servers = json.loads(text_of("distribution/claude-plugin/.mcp.json"))["mcpServers"]
    (server,) = servers.values()
    assert server["env"] == {"RETAB_API_KEY": "${user_config.api_key}"}
    listed = json.loads(text_of(".claude-plugin/marketplace.json"))
    (entry,) = listed["plugins"]
    assert entry["name"] == plugin["name"]
    assert listed["description"]
    assert (ROOT / entry["source"] / ".claude-plugin" / "plugin.json").is_file()


def test_the_skill_is_the_prompt() -> None:
    (folder,) = (ROOT / "distribution" / "claude-plugin" / "skills").iterdir()
    head, text = (folder / "SKILL.md").read_text(encoding="utf-8").split("---\n\n", 1)
    name, description = re.findall(r"^\w+: (.*)$", head, re.MULTILINE)
    assert name == folder.name == manifests.skill_name()
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert "Use when" in description
    assert len(description) < 1024
    assert "get_run" in text
    assert "the person names" in text
    assert "$" not in text


# Links and snippets


def test_the_cursor_link_holds_the_entry_without_a_key() -> None:
    (link,) = re.findall(r"https://cursor\.com/[^)]+", text_of("README.md"))
    assert link == links.cursor_link()
    query = parse_qs(urlsplit(link).query)
    assert query["name"] == ["retab-runs"]
    entry = json.loads(base64.b64decode(query["config"][0]))
    assert entry == client_named("cursor").stdio_entry("")
    assert entry["env"] == {"RETAB_API_KEY": ""}


def test_the_vs_code_link_asks_for_the_key() -> None:
    (link,) = re.findall(r"https://insiders\.vscode\.dev/[^)]+", text_of("README.md"))
    assert link == links.vscode_link()
    inner = parse_qs(urlsplit(link).query)["url"][0]
    start, _, query = inner.partition("?")
    assert start == "vscode:mcp/install"
    config = json.loads(unquote(query))
    inputs = {each["id"]: each for each in config.pop("inputs")}
    assert config.pop("name") == "retab-runs"
    assert config == client_named("vscode").stdio_entry("${input:retab-key}")
    assert inputs["retab-key"]["password"] is True


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.key)
def test_the_snippets_of_a_client_are_valid(client: McpClient) -> None:
    page = text_of("docs/clients.md")
    assert f"## {client.title}\n" in page
    blocks = FENCED.findall(snippets.section(client))
    entries = []
    for language, text in blocks:
        contents = tomllib.loads(text) if language == "toml" else json.loads(text)
        assert client.is_toml is (language == "toml")
        entries.append(contents[client.table]["retab-runs"])
    assert entries[0] == snippets.stdio_entry(client)
    assert entries[1:] == ([snippets.http_entry(client)] if client.url_key else [])


def test_pages_use_the_name_of_this_server_only() -> None:
    for path in ("README.md", "docs/clients.md"):
        assert '"retab":' not in text_of(path)
        assert not re.search(r"mcp add (.* )?retab ", text_of(path))


# Containers


def test_the_image_is_built_without_a_compiler_and_runs_as_a_number() -> None:
    text = text_of("Dockerfile")
    assert "ARG BASE=python:3.13-slim\n" in text
    assert "--only-binary :all:" in text
    assert "\nUSER 10001:10001\n" in text
    assert "\nHEALTHCHECK " in text
    assert "runAsUser: 10001" in text_of("deploy/kubernetes.yaml")
    copied = set(re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE))
    allowed = {line[1:] for line in text_of(".dockerignore").splitlines() if line[0] == "!"}
    assert set(" ".join(copied).split()) == allowed
    assert all((ROOT / name).exists() for name in allowed)


def test_the_replicas_of_compose_are_those_of_nginx() -> None:
    compose, nginx = text_of("deploy/compose.yaml"), text_of("deploy/nginx.conf")
    servers = set(re.findall(r"server (retab-mcp-\d):8000", nginx))
    assert servers == set(re.findall(r"^  (retab-mcp-\d): \*replica$", compose, re.MULTILINE))
    assert len(servers) == 2
    assert "--port=8000" in compose


def test_no_file_holds_a_key_or_an_index_of_this_machine() -> None:
    for path in (*generate.all_files(), "Dockerfile", "deploy/compose.yaml"):
        assert not re.search(r"sk_\w{8}|file:///|index-url", text_of(path)), path
