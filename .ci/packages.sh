#!/usr/bin/env bash
# Validate the bundle and the plugin with their own tools, and add the server to the clients that npm
# installs, with the commands of docs/clients.md. Needs npm, and PYTHON (default `python`) with pip.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"${PYTHON:-python}" -m venv "$scratch/python"
"$scratch/python/bin/pip" install --quiet uv skills-ref
npm install --silent --no-audit --no-fund --prefix "$scratch" node@24 @anthropic-ai/mcpb@2.1.2 \
  @anthropic-ai/claude-code@2.1.332 @openai/codex @google/gemini-cli
export PATH="$scratch/node_modules/.bin:$scratch/python/bin:$PATH"

mcpb validate distribution/mcpb/manifest.json
mcpb pack distribution/mcpb "$scratch/retab-mcp.mcpb" | grep "total files: 3"
agentskills validate distribution/claude-plugin/skills/debug-run

uv build --quiet --wheel --out-dir "$scratch/dist"
export UV_FIND_LINKS=$scratch/dist UV_CACHE_DIR=$scratch/cache HOME=$scratch/home
mkdir "$HOME"
uvx --quiet retab-mcp --version
claude plugin validate --strict distribution/claude-plugin </dev/null
claude plugin validate --strict . </dev/null

root=$PWD
cd "$HOME"
for client in claude codex gemini; do
  bash -ec "$(grep -m1 "^$client mcp add" "$root/docs/clients.md")" </dev/null
done
claude mcp list </dev/null | grep "retab-runs.*Connected"
codex mcp list </dev/null | grep "retab-runs.*enabled"
grep -q retab-runs .gemini/settings.json
