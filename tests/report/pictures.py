"""Pictures of sample runs, collected through the real server."""

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpx

from retab_mcp.queries.service import Service
from retab_mcp.report.collect import Answer, Picture, collect_picture
from retab_mcp.sandbox.app import SANDBOX_KEY, create_app
from retab_mcp.sandbox.records import Sample
from retab_mcp.server import build_server
from retab_mcp.settings import Settings
from tests.samples import sample_named
from tests.support.asking import BASE_URL, text_of

ABOUT = {"version": "0", "generated_at": "2026-08-20T12:00:00Z", "payloads": True}


def pictures_of(names: Iterable[str], **options: Any) -> dict[str, Picture]:
    """Return the picture of the last run of each sample, by the sample's name."""
    samples = [sample_named(name) for name in names]
    # In a thread of its own: Playwright has a running event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(anyio.run, _collect, samples, options).result()


async def _collect(samples: list[Sample], options: Mapping[str, Any]) -> dict[str, Picture]:
    app = create_app("g3", samples)
    service = Service(BASE_URL, transport=httpx.ASGITransport(app=app))
    server = build_server(Settings(api_key=SANDBOX_KEY, base_url=BASE_URL), service)

    async def ask(tool: str, arguments: dict[str, Any]) -> Answer:
        answer: Answer = json.loads(text_of(await server.call_tool(tool, arguments)))
        return answer

    found = {
        sample.name: await collect_picture(ask, sample.runs[-1].id, **options) for sample in samples
    }
    await service.aclose()
    return found
