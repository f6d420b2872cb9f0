"""search_run from HTTP bytes to the text of the answer."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from inline_snapshot import snapshot
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retab_mcp.queries import run_search, step_reader
from retab_mcp.safety.sanitize import sanitize_text
from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.records import Sample
from tests.samples import all_samples, pairs_of_runs
from tests.support.asking import Asker, asking

GENERATIONS = ("g1", "g2b", "g2c", "g2e", "g3")
RECEIPT, _ = pairs_of_runs()[0].runs
_, PAYMENTS = pairs_of_runs()[1].runs
LOOP = next(sample for sample in all_samples() if sample.name == "orders-for-each")


async def read(asker: Asker, run_id: str, row: dict[str, Any]) -> Any:
    """Return what get_step or get_artifact returns for the path of a match."""
    if "artifact" in row:
        operation, _, artifact_id = row["artifact"].partition(":")
        arguments = {"artifact_id": artifact_id, "operation": operation, "path": row["path"]}
        return (await asker.ask("get_artifact", **arguments))["value"]
    arguments = {"run_id": run_id, "step_id": row["step_id"], "path": row["path"]}
    return (await asker.ask("get_step", **arguments))["value"]


async def test_where_a_value_came_from() -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        assert await asker.ask("search_run", run_id=RECEIPT.id, query="21.5") == snapshot(
            {
                "run_id": "run_sqjB9jwXFHhwpihzg3QXD",
                "status": "completed",
                "total": 3,
                "searched": {"steps": 3, "artifacts": 1},
                "places": {"book-receipt": 2, "extract-receipt": 1},
                "matches": [
                    {
                        "step_id": "extract-receipt",
                        "type": "extract",
                        "path": "/handle_outputs/output-json-0/data/total",
                        "match": "21.5",
                    },
                    {
                        "step_id": "book-receipt",
                        "type": "function",
                        "path": "/handle_inputs/input-json-0/data/total",
                        "match": "21.5",
                    },
                    {
                        "step_id": "book-receipt",
                        "type": "function",
                        "path": "/handle_outputs/output-json-0/data/booked",
                        "match": "21.5",
                    },
                ],
                "untrusted_text": True,
            }
        )


async def test_no_match_says_what_was_searched() -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        assert await asker.ask("search_run", run_id=RECEIPT.id, query="nowhere") == snapshot(
            {
                "run_id": "run_sqjB9jwXFHhwpihzg3QXD",
                "status": "completed",
                "total": 0,
                "searched": {"steps": 3, "artifacts": 1},
                "matches": [],
            }
        )


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_every_generation_finds_it_first_in_the_same_place(generation: str) -> None:
    async with asking(create_app(generation, pairs_of_runs())) as asker:
        answer = await asker.ask("search_run", run_id=PAYMENTS.id, query="11500")
    first = answer["matches"][0]
    assert first["block_id"] == "convert-euros"
    assert first["path"] == "/handle_outputs/output-json-0/data/amount"
    assert answer["searched"]["steps"] == 7


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_every_path_leads_to_the_match(generation: str) -> None:
    async with asking(create_app(generation, pairs_of_runs())) as asker:
        answer = await asker.ask("search_run", run_id=PAYMENTS.id, query="PAY-7002", limit=100)
        inside = [row for row in answer["matches"] if "step_id" in row or "artifact" in row]
        assert len(inside) >= 4
        for row in inside:
            assert await read(asker, PAYMENTS.id, row) == row["match"]


async def test_a_pattern_finds_a_message() -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        answer = await asker.ask("search_run", run_id=PAYMENTS.id, pattern=r"^API .* \d{3}\b")
    first, *_ = answer["matches"]
    assert (first["step_id"], first["path"]) == ("send-payments", "/cause/message")
    assert "run" in answer["places"]


async def test_pages_hold_every_match_once() -> None:
    arguments: dict[str, Any] = {"run_id": PAYMENTS.id, "query": "e"}
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        whole = await asker.ask("search_run", **arguments, limit=100)
        answer = await asker.ask("search_run", **arguments, limit=12)
        cursor = answer["truncated"]["next"]["arguments"]["cursor"]
        shown = answer["matches"]
        while "truncated" in answer:
            following = answer["truncated"]["next"]
            answer = await asker.ask(following["tool"], **following["arguments"])
            shown += answer["matches"]
        assert shown == whole["matches"]
        assert len(shown) > 24
        other = await asker.refused("search_run", **{**arguments, "query": "x"}, cursor=cursor)
        assert other["kind"] == "invalid_argument"


async def test_truncation_is_exact_at_the_boundary() -> None:
    arguments: dict[str, Any] = {"run_id": PAYMENTS.id, "query": "PAY-7002"}
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        rows = len((await asker.ask("search_run", **arguments))["matches"])
        assert "truncated" not in await asker.ask("search_run", **arguments, limit=rows)
        few = rows - 4  # the omitted rows of these are longer than `truncated`
        cut = await asker.ask("search_run", **arguments, limit=few)
        assert (cut["truncated"]["shown"], cut["truncated"]["total"]) == (few, rows)


async def test_a_search_with_too_many_matches_ends_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_search, "MAX_MATCHES", 10)
    async with asking(create_app("g3", [LOOP])) as asker:
        answer = await asker.ask("search_run", run_id=LOOP.runs[0].id, query="order", limit=5)
    assert "total" not in answer
    assert answer["at_least"] >= 10
    assert "steps after the first" in answer["truncated"]["why"]


async def test_unread_payloads_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_reader, "MAX_STEP_REQUESTS", 3)
    async with asking(create_app("g2b", pairs_of_runs())) as asker:
        answer = await asker.ask("search_run", run_id=PAYMENTS.id, query="nowhere")
    assert answer["truncated"]["why"] == snapshot(
        "not searched: the payloads of 4 steps, which the list leaves out"
    )
    assert answer["truncated"]["at_least"] == 0


def failing(path: str, status: int) -> Callable[[Request], Awaitable[Response | None]]:
    async def intercept(request: Request) -> Response | None:
        found = request.url.path.startswith(path)
        return JSONResponse({"detail": "no"}, status) if found else None

    return intercept


async def test_artifacts_are_read_one_by_one_where_they_cannot_be_listed() -> None:
    app = create_app("g2a", pairs_of_runs())
    async with asking(app) as asker:
        answer = await asker.ask("search_run", run_id=RECEIPT.id, query="Reusable")
    assert answer["searched"]["artifacts"] == 1
    # The step's outputs repeat what the artifact holds.
    assert [row["path"].split("/")[1] for row in answer["matches"]] == [
        "handle_outputs",
        "handle_inputs",
    ]


async def test_a_failed_list_of_artifacts_is_reported() -> None:
    app = create_app("g3", pairs_of_runs(), intercept=failing("/v1/workflows/artifacts", 403))
    async with asking(app) as asker:
        answer = await asker.ask("search_run", run_id=PAYMENTS.id, query="PAY-7002")
    assert "the list of artifacts" in answer["truncated"]["why"]
    assert answer["matches"]


@pytest.mark.parametrize(
    "arguments", [{}, {"query": "a", "pattern": "b"}, {"pattern": "("}, {"pattern": "a*"}]
)
async def test_bad_queries_are_refused(arguments: dict[str, str]) -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        refused = await asker.refused("search_run", run_id=RECEIPT.id, **arguments)
    assert refused["kind"] == "invalid_argument"


def with_secrets() -> list[Sample]:
    return [sample for sample in all_samples() if sample.secrets and sample.runs]


@pytest.mark.parametrize("sample", with_secrets(), ids=lambda sample: sample.name)
async def test_a_search_cannot_confirm_a_secret(sample: Sample) -> None:
    async with asking(create_app("g3", [sample])) as asker:
        for secret in sample.secrets:
            for run in sample.runs:
                part = secret[2:-2]
                arguments = {"run_id": run.id, "query": part}
                if sanitize_text(part)[1]:
                    refused = await asker.refused("search_run", **arguments)
                    assert refused["kind"] == "invalid_argument"
                else:
                    assert (await asker.ask("search_run", **arguments))["matches"] == []


@pytest.mark.parametrize("word", ["reason", "cause", "data", "document", "handle_inputs"])
async def test_field_names_common_to_all_steps_do_not_match(word: str) -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        answer = await asker.ask("search_run", run_id=PAYMENTS.id, query=word, limit=100)
    for row in answer["matches"]:
        assert row.get("artifact") or row["path"].count("/") > 3 or not row.get("key")
    assert sum(answer.get("places", {}).values()) in (0, answer["total"])


async def test_the_name_of_a_handle_matches() -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        answer = await asker.ask("search_run", run_id=PAYMENTS.id, query="output-json-0")
    assert {row["path"] for row in answer["matches"]} >= {"/handle_outputs/output-json-0"}


async def test_iterations_are_one_row_with_their_numbers() -> None:
    async with asking(create_app("g3", [LOOP])) as asker:
        answer = await asker.ask("search_run", run_id=LOOP.runs[0].id, query="unit_price")
    rows = {row.get("block_id"): row for row in reversed(answer["matches"])}
    inside = rows["normalise-order"]
    assert inside["iterations_from_0"] == list(range(10))
    assert inside["iterations"] == inside["count"] == 500
    assert (inside["type"], inside["key"], inside["value"]) == ("function", True, 0.35)
    assert sum(answer["places"].values()) == answer["total"]


async def test_schemas_come_after_data() -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        answer = await asker.ask("search_run", run_id=RECEIPT.id, query="total")
    paths = [row["path"].split("/")[1] for row in answer["matches"]]
    assert paths == ["handle_outputs", "handle_inputs", "json_schema", "json_schema"]


async def test_the_first_match_in_each_block_comes_first() -> None:
    async with asking(create_app("g3", [LOOP])) as asker:
        answer = await asker.ask("search_run", run_id=LOOP.runs[0].id, query="price", limit=50)
    data = [row for row in answer["matches"] if "artifact" not in row and "step_id" in row]
    blocks = [row.get("block_id", row["step_id"]) for row in data]
    distinct = list(dict.fromkeys(blocks))
    assert blocks[: len(distinct)] == distinct


async def test_null_is_found_where_a_value_is_null() -> None:
    async with asking(create_app("g3", [LOOP])) as asker:
        answer = await asker.ask("search_run", run_id=LOOP.runs[0].id, query="null")
    data = [row for row in answer["matches"] if "artifact" not in row]
    assert {row["path"].rpartition("/")[2] for row in data} == {"unit_price"}
    # A function that raised has no output.
    assert {row["path"] for row in answer["matches"] if "artifact" in row} >= {"/output"}
