"""get_experiment_run: what was changed between two runs, and which values changed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import document, file_handle, json_handle
from retab_mcp.sandbox.records import Sample, SampleExperiment, SampleJob
from tests.support.asking import Asker, asking

EARLIER, LATER = "2026-09-01T08:00:00Z", "2026-09-02T08:00:00Z"


def job(run: str, number: int, data: Mapping[str, Any] | None, **fields: Any) -> SampleJob:
    stored = document(f"waybill-{number}.pdf")
    defaults: dict[str, Any] = {
        "id": f"expresult_{run}_{number}",
        "document_id": f"expdoc_{number}",
        "filename": stored["filename"],
        "status": "completed",
        "created_at": EARLIER,
        "score": 1.0,
        "handle_inputs": {"input-file-0": file_handle(stored)},
        "handle_outputs": {"output-json-0": json_handle(data)} if data is not None else {},
    }
    return SampleJob(**(defaults | fields))


def experiment(run: str, jobs: list[SampleJob], **fields: Any) -> SampleExperiment:
    defaults: dict[str, Any] = {
        "id": "exp_waybills",
        "name": "Waybills",
        "workflow_id": "wrk_waybills",
        "workflow_version_id": "ver_1",
        "block_id": "read-waybill",
        "block_type": "extract",
        "run_id": f"exprun_{run}",
        "status": "completed",
        "created_at": LATER if run == "b" else EARLIER,
        "completed_at": LATER,
        "score": 1.0,
        "jobs": tuple(jobs),
    }
    return SampleExperiment(**(defaults | fields))


def serving(*experiments: SampleExperiment, generation: str = "g3") -> Any:
    sample = Sample("waybills", "Waybills in two runs.", experiments=experiments)
    return asking(create_app(generation, [sample]))


async def compared(asker: Asker, run: str = "exprun_b", other: str = "exprun_a") -> dict[str, Any]:
    ids = {"workflow_id": "wrk_waybills", "experiment_id": "exp_waybills"}
    return await asker.ask("get_experiment_run", run_id=run, compare_to=other, **ids)


WEIGHTS = ({"sender": "Quay 7", "kg": 1250.0}, {"sender": "Quay 9", "kg": 18.5})


@pytest.mark.parametrize("generation", ["g2e", "g3"])
async def test_values_that_changed_at_equal_scores_are_named(generation: str) -> None:
    before = [job("a", n, data) for n, data in enumerate(WEIGHTS)]
    after = [job("b", 0, {**WEIGHTS[0], "kg": 125000.0}), job("b", 1, WEIGHTS[1])]
    runs = experiment("a", before), experiment("b", after)
    async with serving(*runs, generation=generation) as asker:
        answer = await compared(asker)
        path = answer["moved"][0]["fields"][0]["path"]
        value = await asker.ask(
            "get_experiment_job", run_id="exprun_b", document_id="expdoc_0", path=path
        )
    assert answer["moved"] == [
        {
            "document_id": "expdoc_0",
            "filename": "waybill-0.pdf",
            "fields": [
                {
                    "path": "/handle_outputs/output-json-0/data/kg",
                    "value": 125000.0,
                    "value_before": 1250.0,
                }
            ],
        }
    ]
    assert answer["in_both"]["values_changed"] == 1
    assert value["value"] == 125000.0


async def test_documents_that_differ_by_rounding_do_not_hide_a_changed_one() -> None:
    known = [{"sender": f"Quay {n}", "kg": n + 0.1} for n in range(12)]
    anew = [{"sender": f"Quay {n}", "kg": n + 0.1 + 1e-12} for n in range(12)]
    anew[8]["kg"] = 8100.0
    before = [job("a", n, data) for n, data in enumerate(known)]
    after = [job("b", n, data) for n, data in enumerate(anew)]
    async with serving(experiment("a", before), experiment("b", after)) as asker:
        answer = await compared(asker)
    assert answer["in_both"]["values_changed"] == 1
    (moved,) = answer["moved"]
    assert (moved["document_id"], moved["fields"][0]["value"]) == ("expdoc_8", 8100.0)


async def test_equal_values_are_said_to_be_equal() -> None:
    jobs = {run: [job(run, n, data) for n, data in enumerate(WEIGHTS)] for run in "ab"}
    async with serving(experiment("a", jobs["a"]), experiment("b", jobs["b"])) as asker:
        answer = await compared(asker)
    assert answer["in_both"]["values_changed"] == 0
    assert not {"moved", "changed", "renamed"} & set(answer)


@pytest.mark.parametrize("generation", ["g2a", "g2c", "g3"])
async def test_settings_that_differ_are_named(generation: str) -> None:
    jobs = [job("a", 0, WEIGHTS[0])], [job("b", 0, WEIGHTS[0])]
    runs = (
        experiment("a", jobs[0], n_consensus=3),
        experiment("b", jobs[1], n_consensus=7, workflow_version_id="ver_2"),
    )
    async with serving(*runs, generation=generation) as asker:
        changed = (await compared(asker))["changed"]
    votes = {"field": "n_consensus", "value": 7, "value_before": 3}
    version = {"field": "workflow_version_id", "value": "ver_2", "value_before": "ver_1"}
    # A run of g2a names no version.
    assert changed == ([votes] if generation == "g2a" else [votes, version])


async def test_the_later_run_is_said_to_be_later() -> None:
    runs = experiment("a", [job("a", 0, WEIGHTS[0])]), experiment("b", [job("b", 0, WEIGHTS[0])])
    async with serving(*runs) as asker:
        assert "later" not in (await compared(asker))["compared_to"]
        swapped = await compared(asker, "exprun_a", "exprun_b")
    assert swapped["compared_to"]["later"] is True


async def test_a_renamed_field_is_no_change_of_values() -> None:
    before = [job("a", n, {"sender": f"Quay {n}", "kg": n + 0.5}) for n in range(3)]
    after = [job("b", n, {"sender": f"Quay {n}", "weight_kg": n + 0.5}) for n in range(3)]
    async with serving(experiment("a", before), experiment("b", after)) as asker:
        answer = await compared(asker)
    data = "/handle_outputs/output-json-0/data"
    assert answer["renamed"] == [{"path": f"{data}/weight_kg", "path_before": f"{data}/kg"}]
    assert answer["in_both"]["values_changed"] == 0
    assert "moved" not in answer


async def test_the_score_of_a_renamed_field_is_that_of_the_same_field() -> None:
    names = {"exprun_a": "kg", "exprun_b": "weight_kg"}

    async def scored(request: Request) -> Response | None:
        run = request.query_params.get("run_id", "")
        if not request.url.path.endswith("/metrics") or "view" not in request.query_params:
            return None
        likelihoods = {names[run]: 0.9 if run == "exprun_a" else 0.5, "sender": 1.0}
        return JSONResponse({"kind": "summary", "aggregate": {"likelihoods": likelihoods}})

    before = experiment("a", [job("a", 0, {"sender": "Quay 1", "kg": 7.5})])
    after = experiment("b", [job("b", 0, {"sender": "Quay 1", "weight_kg": 7.5})])
    sample = Sample("waybills", "Waybills in two runs.", experiments=(before, after))
    async with asking(create_app("g3", [sample], intercept=scored)) as asker:
        answer = await compared(asker)
    assert answer["targets"] == [{"path": "weight_kg", "score": 0.5, "score_before": 0.9}]


async def test_a_new_field_of_another_value_is_not_a_renamed_one() -> None:
    before = [job("a", n, {"sender": f"Quay {n}", "kg": n + 0.5}) for n in range(3)]
    after = [job("b", n, {"sender": f"Quay {n}", "pieces": 4}) for n in range(3)]
    async with serving(experiment("a", before), experiment("b", after)) as asker:
        answer = await compared(asker)
    assert "renamed" not in answer
    assert answer["in_both"]["values_changed"] == 3
    fields = answer["moved"][0]["fields"]
    assert [field["only_in"] for field in fields] == ["run_id", "compared_to"]


async def test_documents_are_paired_by_file_where_their_ids_differ() -> None:
    before = [job("a", 0, WEIGHTS[0]), job("a", 1, WEIGHTS[1])]
    after = [
        job("b", 0, {**WEIGHTS[0], "kg": None}, document_id="expdoc_new"),
        job("b", 2, WEIGHTS[1]),
    ]
    async with serving(experiment("a", before), experiment("b", after)) as asker:
        answer = await compared(asker)
    assert answer["in_both"]["documents"] == 1
    rows = {row["document_id"]: row for row in answer["rows"]}
    assert rows["expdoc_new"]["document_id_before"] == "expdoc_0"
    assert rows["expdoc_2"]["only_in"] == "run_id"
    assert rows["expdoc_1"]["only_in"] == "compared_to"
    assert answer["moved"][0]["fields"][0]["value"] is None


async def test_a_replaced_file_of_a_document_is_named() -> None:
    other = {"input-file-0": file_handle(document("waybill-0 (scan).pdf"))}
    before, after = job("a", 0, WEIGHTS[0]), job("b", 0, WEIGHTS[0], handle_inputs=other)
    async with serving(experiment("a", [before]), experiment("b", [after])) as asker:
        answer = await compared(asker)
    assert answer["rows"][0]["file_replaced"] is True


async def test_scores_are_compared_over_the_documents_in_both() -> None:
    before = [job("a", 0, WEIGHTS[0], score=0.5), job("a", 1, WEIGHTS[1], score=0.25)]
    after = [job("b", 0, WEIGHTS[0], score=0.75), job("b", 2, WEIGHTS[1], score=0.1)]
    async with serving(experiment("a", before), experiment("b", after)) as asker:
        both = (await compared(asker))["in_both"]
    assert (both["documents"], both["scored"]) == (1, 1)
    assert (both["score"], both["score_before"]) == (0.75, 0.5)


async def test_documents_that_never_ran_are_told_from_waiting_ones() -> None:
    waiting = replace(job("b", 0, None, score=None), status="pending")
    placeholder = replace(waiting, id="expresult_p", document_id="expdoc_p", is_placeholder=True)
    ended = experiment("a", [waiting])
    going = experiment("b", [waiting], status="running", completed_at=None)
    older = experiment("c", [placeholder, waiting])
    async with serving(ended, going) as asker:
        states = [
            (await asker.ask("get_experiment_run", run_id=run))["documents"]
            for run in ("exprun_a", "exprun_b")
        ]
    assert states == [{"never_ran": 1}, {"pending": 1}]
    async with serving(older, generation="g2c") as asker:
        answer = await asker.ask("get_experiment_run", run_id="exprun_c")
    assert answer["documents"] == {"placeholder": 1, "never_ran": 1}


@pytest.mark.parametrize("generation", ["g2a", "g2c", "g2e", "g3"])
async def test_an_experiment_id_is_answered_with_its_runs(generation: str) -> None:
    other = experiment("x", [job("x", 0, WEIGHTS[0])], id="exp_other")
    runs = experiment("a", [job("a", 0, WEIGHTS[0])]), experiment("b", [job("b", 0, WEIGHTS[0])])
    async with serving(*runs, other, generation=generation) as asker:
        answer = await asker.ask(
            "get_experiment_run", run_id="exp_waybills", workflow_id="wrk_waybills"
        )
        (call,) = answer["next_calls"]
        following = await asker.ask(call["tool"], **call["arguments"])
    assert [row["run_id"] for row in answer["runs"]] == ["exprun_b", "exprun_a"]
    assert answer["experiment_id"] == "exp_waybills"
    assert following["in_both"]["documents"] == 1


async def test_an_experiment_without_runs_is_not_found() -> None:
    async with serving(experiment("a", [job("a", 0, WEIGHTS[0])])) as asker:
        refused = await asker.refused("get_experiment_run", run_id="exp_none")
    assert refused["kind"] == "not_found"


async def test_runs_of_two_blocks_are_refused_with_their_names() -> None:
    runs = experiment("a", []), experiment("b", [], block_id="split-waybills", id="exp_split")
    async with serving(*runs) as asker:
        refused = await asker.refused(
            "get_experiment_run", run_id="exprun_b", compare_to="exprun_a"
        )
    assert "split-waybills" in refused["error"]
    assert "read-waybill" in refused["error"]


@pytest.mark.parametrize("generation", ["g2a", "g2c", "g2e", "g3"])
async def test_a_document_is_found_by_its_file_name(generation: str) -> None:
    jobs = [job("a", n, data) for n, data in enumerate(WEIGHTS)]
    twin = replace(job("a", 0, None), id="expresult_twin", document_id="expdoc_twin")
    ids = {"workflow_id": "wrk_waybills", "experiment_id": "exp_waybills"}
    async with serving(experiment("a", [*jobs, twin]), generation=generation) as asker:
        found = await asker.ask(
            "get_experiment_job", run_id="exprun_a", document_id="Waybill-1.pdf", **ids
        )
        missing = await asker.refused(
            "get_experiment_job", run_id="exprun_a", document_id="waybill-7.pdf", **ids
        )
        several = await asker.refused(
            "get_experiment_job", run_id="exprun_a", document_id="waybill-0.pdf", **ids
        )
    assert found["document_id"] == "expdoc_1"
    assert missing["kind"] == "not_found"
    assert "expdoc_twin" in several["hint"]
