#!/usr/bin/env bash
# Two workers of one replica and one of another behind nginx, as in docs/deployment.md: a cursor
# that one process wrote is good in the others, and a caller sees one server. Needs nginx and a
# Python that has this package with its tests' dependencies; PYTHON names it.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v nginx >/dev/null || PATH=$PATH:/usr/sbin
command -v nginx >/dev/null || { echo "nginx is not installed (apt-get install nginx-light)" >&2; exit 1; }
"${PYTHON:-python}" -m pytest -q tests/http/test_replicas.py -rs "$@"
