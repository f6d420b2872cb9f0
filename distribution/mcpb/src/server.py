"""Start the server that the bundle installed."""

from retab_mcp.cli.main import main

raise SystemExit(main())
