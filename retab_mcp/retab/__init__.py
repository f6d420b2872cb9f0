"""The Retab API over HTTP: which routes are called, how, and how responses are read."""

import sys

# httpx imports its own command line, and with it rich, where that is installed: a third of a second
# at the first request.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
