"""No argument reads a credential or confirms a guess of one."""

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.records import Sample, resolve
from retab_mcp.sandbox.samples import fakes
from tests.samples import all_samples
from tests.system.asked import tools_over

Json = Any

PASSWORD, KEY = fakes.password("portal"), fakes.retab_key("portal")
WRONG_PASSWORD, WRONG_KEY = fakes.password("wrong"), fakes.retab_key("wrong")
MIN_LEAK = 8

# Right guesses, each with a wrong one.
GUESSES = [
    (KEY, WRONG_KEY),
    (KEY[:13], WRONG_KEY[:13]),
    (KEY[10:30], WRONG_KEY[10:30]),
    (PASSWORD, WRONG_PASSWORD),
    (PASSWORD[2:12], WRONG_PASSWORD[2:12]),
    (f"portal_password={PASSWORD}", f"portal_password={WRONG_PASSWORD}"),
    (f"note={KEY}", f"note={WRONG_KEY}"),
    (f"note={KEY[:13]}", f"note={WRONG_KEY[:13]}"),
]


def sample() -> Sample:
    """Return the set-up sheet, with its credentials also in metadata and in a block id."""
    found = next(each for each in all_samples() if each.name == "setup-secrets")
    run = found.runs[0]
    steps = resolve(run.steps)
    named = replace(steps[-1], step_id=f"{run.id}_{KEY}", block_id=KEY, type=KEY, label=KEY)
    metadata = {"note": KEY, "portal_password": PASSWORD}
    return replace(found, runs=(replace(run, metadata=metadata, steps=(*steps, named)),))


SAMPLE = sample()
RUN_ID = SAMPLE.runs[0].id
REQUIRED = {
    "run_id": RUN_ID,
    "other_run_id": "run_000000000000000000000",
    "step_id": "store-setup",
    "path": "/handle_inputs/input-json-0/data/notes",
    "artifact_id": "extr_000000000000000000000",
    "document_id": "expdoc_000000000000000000000",
}


def comparable(text: str, guess: str) -> str:
    """Return an answer without the guess that it repeats and without its request id."""
    return re.sub(r"req_sandbox\d+", "REQUEST", text.replace(guess, "GUESS"))


@pytest.mark.parametrize("generation", ["g1", "g2c", "g3"])
@pytest.mark.parametrize(("right", "wrong"), GUESSES)
async def test_a_right_guess_is_answered_like_a_wrong_one(
    generation: str, right: str, wrong: str
) -> None:
    app = create_app(generation, [SAMPLE])
    confirmed = []
    async with tools_over(httpx.ASGITransport(app=app)) as tools:
        for tool in tools.listed:
            properties = tool.input_schema["properties"]
            given = {name: REQUIRED[name] for name in tool.input_schema.get("required", [])}
            for name in (name for name, about in properties.items() if about["type"] == "string"):
                answers = [
                    comparable(await tools.text(tool.name, given | {name: guess}), guess)
                    for guess in (right, wrong)
                ]
                if answers[0] != answers[1]:
                    confirmed.append((tool.name, name, answers))
    assert not confirmed
    assert not [each for each in app.state.requests if KEY in each.path + each.query]


async def test_a_credential_in_an_argument_is_never_sent_to_retab() -> None:
    async with tools_over(httpx.ASGITransport(app=create_app("g3", [SAMPLE]))) as tools:
        for name in ("id_prefix", "metadata", "status"):
            answer = await tools.answer("list_runs", {name: f"note={KEY}"})
            assert answer["kind"] == "invalid_argument"
            assert KEY[10:18] not in str(answer)
        assert tools.requests == []


@pytest.mark.parametrize("generation", ["g1", "g2c", "g3"])
async def test_no_slice_shows_part_of_a_credential(generation: str) -> None:
    places = ("portal_password", "retab/apiKey", "settings/0/value", "notes")
    base = "/handle_inputs/input-json-0/data"
    parts = [
        secret[start : start + MIN_LEAK]
        for secret in SAMPLE.secrets
        for start in range(len(secret) - MIN_LEAK + 1)
    ]
    async with tools_over(httpx.ASGITransport(app=create_app(generation, [SAMPLE]))) as tools:
        for place in places:
            for start in range(0, 24, 4):
                arguments = {"path": f"{base}/{place}/{start}-{start + 20}"}
                arguments |= {"run_id": RUN_ID, "step_id": "store-setup"}
                text = await tools.text("get_step", arguments)
                assert not [part for part in parts if part in text]


async def test_a_text_that_is_not_secret_is_found() -> None:
    """Otherwise the tests above would pass for a server that finds nothing."""
    async with tools_over(httpx.ASGITransport(app=create_app("g3", [SAMPLE]))) as tools:
        found = await tools.answer("search_run", {"run_id": RUN_ID, "query": "Contoso Freight"})
        assert found["matches"]
        hidden = await tools.answer("search_run", {"run_id": RUN_ID, "query": PASSWORD[2:12]})
        assert hidden["matches"] == []
