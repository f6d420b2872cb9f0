"""`python -m retab_mcp` is `retab-mcp`."""

import sys

from retab_mcp.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
