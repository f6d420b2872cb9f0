"""Ask about runs with the vendor's client, as a person would. Imports nothing of this project.

python vendor.py BASE_URL KEY

Reads one call a line as JSON, {"tool", "arguments"}, and prints {"text", "seconds"} for each. The
text is what a person prints of the answer: its records as the client writes them, one a line.
"""

import json
import sys
import time
from typing import Any

from retab import Retab  # type: ignore[import-not-found, unused-ignore]

if __name__ == "__main__":
    client = Retab(base_url=sys.argv[1], api_key=sys.argv[2])
    workflows = client.workflows
    calls = {
        "get_run": workflows.runs.get,
        "list_steps": workflows.steps.list,
        "get_step": workflows.steps.get,
        "get_version": lambda workflow_version_id, workflow_id: workflows.get_version(
            workflow_version_id, workflow_id=workflow_id
        ),
        "get_artifact": workflows.artifacts.get,
    }
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        started = time.perf_counter()
        answer = calls[asked["tool"]](**asked["arguments"])
        rows = answer.data if hasattr(answer, "data") else [answer]
        text = "\n".join(each.model_dump_json() for each in rows)
        print(json.dumps({"text": text, "seconds": time.perf_counter() - started}), flush=True)
