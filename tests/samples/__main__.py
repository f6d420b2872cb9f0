"""Serve every sample as `retab-mcp sandbox` serves its own: python -m tests.samples [generation]."""

import sys

from retab_mcp.sandbox.server import serve
from tests.samples import all_samples

if __name__ == "__main__":
    serve(sys.argv[1] if len(sys.argv) > 1 else "g3", 0, all_samples())
