#!/usr/bin/env bash
# Run the protocol's conformance suite and inspector against the service on loopback. Needs npm, and
# a Python with this package and its development dependencies: PYTHON, default `python`.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python}
port=${PORT:-8931}
url=http://127.0.0.1:$port/mcp

tools=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi; rm -rf "$tools"' EXIT

# The suite needs node 22 or newer, which is installed here.
npm install --silent --no-audit --no-fund --prefix "$tools" \
  node@24 @modelcontextprotocol/conformance@0.2.0-alpha.12 @modelcontextprotocol/inspector@2.12.0
export PATH="$tools/node_modules/.bin:$PATH"

wait_until_up() {
  for _ in $(seq 100); do
    if curl --silent --fail --output /dev/null "http://127.0.0.1:$port/healthz"; then return; fi
    sleep 0.2
  done
  echo "the service did not start" >&2
  exit 1
}

suite() {
  if ! conformance server --url "$url" "$@" >"$tools/log" 2>&1; then
    cat "$tools/log"
    exit 1
  fi
  grep -E '^(Total|Not scored)' "$tools/log"
}

"$python" -m tests.conformance.server "$port" &
server=$!
wait_until_up
echo "2026-07-28: every scored check"
suite --requirements 2026-07-28
echo "2025-11-25: all but the checks that a stateless server cannot pass"
suite --requirements 2025-11-25 --expected-failures tests/conformance/baseline-2025-11-25.yml

echo "tool schemas, as shipped"
kill "$server"
wait "$server" 2>/dev/null || true
RETAB_API_KEY=unused "$python" -m retab_mcp serve --http --shared-key --port "$port" \
  --log-level error &
server=$!
wait_until_up
mcp-inspector --cli "$url" --transport http --method tools/list --strict --format json -q \
  >"$tools/tools.json"
echo "no fault found"
