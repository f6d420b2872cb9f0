"""Start what is in an unpacked bundle by the command of its manifest, and ask about a sample run.

    python bundle.py FOLDER RUN_ID

RETAB_API_BASE_URL and RETAB_API_KEY name the sandbox. A client puts the folder and what the person
entered in place of the variables.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from started import ask


async def main(folder: Path, run_id: str) -> None:
    """Go from the manifest to the cause of the run."""
    text = json.dumps(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["server"])
    for variable, value in (
        ("${__dirname}", str(folder)),
        ("${user_config.api_key}", os.environ["RETAB_API_KEY"]),
    ):
        assert variable in text
        text = text.replace(variable, value)
    entry = json.loads(text)["mcp_config"]
    # Where uv finds the wheel, and which sandbox is Retab.
    local = {name: os.environ[name] for name in os.environ if name.startswith("UV_")}
    answer = await ask(entry, run_id, **local, RETAB_API_BASE_URL=os.environ["RETAB_API_BASE_URL"])
    print(f"bundle: {answer['cause']['message']}")


asyncio.run(main(Path(sys.argv[1]).resolve(), sys.argv[2]))
