#!/usr/bin/env bash
# Validate the files for Kubernetes and compose by their schemas, the bundle and the plugin with their
# own tools, start what is in the bundle, and go with the clients that npm installs from the commands
# of README.md and docs/clients.md to a diagnosed sample run. Needs npm, and the virtual environment of .ci/run.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"${PYTHON:-python}" -m venv "$scratch/python"
"$scratch/python/bin/pip" install --quiet uv skills-ref mcp==1.30 kubernetes-validate \
  check-jsonschema
npm install --silent --no-audit --no-fund --prefix "$scratch" node@24 @anthropic-ai/mcpb@2.1.2 \
  @anthropic-ai/claude-code@2.1.332 @openai/codex @google/gemini-cli
export PATH="$scratch/node_modules/.bin:$scratch/python/bin:$PATH"
export run_id
run_id=$(grep -om1 'run_[A-Za-z0-9_-]\{21\}' README.md)
cause="422 Unprocessable Entity"

uv build --quiet --wheel --out-dir "$scratch/dist"
export UV_FIND_LINKS=$scratch/dist UV_CACHE_DIR=$scratch/cache HOME=$scratch/home
mkdir "$HOME" "$scratch/bin"
uvx --quiet retab-mcp --version
# Codex keeps the variables of the shell from the servers that it starts.
printf '#!/bin/sh\nexport UV_FIND_LINKS=%s UV_CACHE_DIR=%s UV_OFFLINE=1\nexec %s "$@"\n' \
  "$UV_FIND_LINKS" "$UV_CACHE_DIR" "$(command -v uvx)" >"$scratch/bin/uvx"
chmod +x "$scratch/bin/uvx"
export PATH=$scratch/bin:$PATH

kubernetes-validate --strict deploy/kubernetes.yaml
check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml

mcpb validate distribution/mcpb/manifest.json
mcpb pack distribution/mcpb "$scratch/retab-mcp.mcpb" | grep "total files: 3"
mcpb unpack "$scratch/retab-mcp.mcpb" "$scratch/bundle"
# Installed with the variables of this machine, such as its certificates, which clients do not pass on.
uv run --quiet --no-dev --directory "$scratch/bundle" src/server.py --version
export UV_OFFLINE=1
.ci/with_sandbox python .ci/clients/bundle.py "$scratch/bundle" "$run_id" | grep "$cause"

agentskills validate distribution/claude-plugin/skills/debug-run
claude plugin validate --strict distribution/claude-plugin </dev/null
claude plugin validate --strict . </dev/null

# The line of the page that adds the server to a client, "your key" included. What follows it starts
# the sample runs instead, so that no client needs to pass on the address of a sandbox.
add() { bash -ec "$(grep -m1 "^$1 mcp add" "$root/docs/clients.md") ${*:2}" </dev/null; }

# Ask the client as a person would, with a scripted model in place of the vendor's.
drive() {
  python "$root/.ci/clients/scripted_model.py" "$run_id" bash -ec "$1" </dev/null \
    >"$scratch/answer" 2>&1 || true
  grep -o -m1 "get_run.*" "$scratch/answer" | head -c 300 || true
  if ! grep -q "$cause" "$scratch/answer"; then
    cat "$scratch/answer"
    exit 1
  fi
}

cd "$HOME"
export MCP_TIMEOUT=60000
add claude
claude mcp list </dev/null | grep "retab-runs.*Connected"
claude mcp remove retab-runs </dev/null
bash -ec "$(grep "^claude mcp add retab-samples" "$root/README.md")" </dev/null
ANTHROPIC_API_KEY=scripted CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 drive \
  'ANTHROPIC_BASE_URL=$SCRIPTED_MODEL claude -p "why did $run_id fail?" --allowedTools mcp__retab-samples'
claude plugin marketplace add "$root" </dev/null
claude plugin install retab-runs@retab-mcp --config api_key=wrong </dev/null
claude mcp list </dev/null | grep "plugin:retab-runs.*Connected"

add codex sandbox stdio
codex mcp list </dev/null | grep "retab-runs.*enabled"
drive 'codex exec --skip-git-repo-check -c mcp_servers.retab-runs.required=true \
  -c model=scripted -c model_provider=scripted -c "model_providers.scripted={ \
  name = \"scripted\", base_url = \"$SCRIPTED_MODEL/v1\", wire_api = \"responses\" }" \
  "why did $run_id fail?"'

# Its list waits five seconds for a start, unless the entry says otherwise.
add gemini sandbox stdio --timeout 60000
export GEMINI_CLI_TRUST_WORKSPACE=true GEMINI_API_KEY=scripted
gemini mcp list </dev/null 2>&1 | grep "retab-runs.*Connected"
settings='d["security"] = {"auth": {"selectedType": "gemini-api-key"}}'
python -c "import json; p='.gemini/settings.json'; d=json.load(open(p)); $settings; json.dump(d, open(p, 'w'))"
drive 'GOOGLE_GEMINI_BASE_URL=$SCRIPTED_MODEL gemini -m gemini-2.5-flash --approval-mode yolo \
  -p "why did $run_id fail?"'
