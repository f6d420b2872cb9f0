"""A server that FastMCP makes from an OpenAPI document. Imports nothing of this project.

python generated.py BASE_URL KEY OPENAPI_FILE
"""

import json
import sys
from pathlib import Path

import httpx2
from fastmcp import FastMCP  # type: ignore[import-not-found, unused-ignore]

if __name__ == "__main__":
    base_url, key, described = sys.argv[1:4]
    server = FastMCP.from_openapi(
        json.loads(Path(described).read_text()),
        client=httpx2.AsyncClient(
            base_url=base_url, headers={"Authorization": f"Bearer {key}"}, timeout=60
        ),
        name="generated",
    )
    server.run(show_banner=False, log_level="ERROR")
