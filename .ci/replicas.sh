#!/usr/bin/env bash
# Test two replicas behind nginx, one of them with two workers, as in docs/deployment.md: a cursor
# from one process is valid in the others, and a client sees one server. Needs nginx, and a Python
# with this package and its development dependencies: PYTHON, default `python`.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v nginx >/dev/null || PATH=$PATH:/usr/sbin
command -v nginx >/dev/null || { echo "nginx is not installed (apt-get install nginx-light)" >&2; exit 1; }
"${PYTHON:-python}" -m pytest -q tests/http/test_replicas.py -rs "$@"
