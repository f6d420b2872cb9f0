"""What all routes of the sandbox share: credentials, refusals, request ids, the log."""

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.testclient import TestClient

from retab_mcp.sandbox.app import SANDBOX_KEY, create_app
from retab_mcp.sandbox.generations import GENERATIONS, generation_named
from retab_mcp.sandbox.records import Sample
from tests.sandbox.small import FAILED, SMALL, client, headers, refusal

RUN = "/v1/workflows/runs/run_1"
OLDER = tuple(name for name in GENERATIONS if generation_named(name).nested)
NEWER = tuple(name for name in GENERATIONS if name not in OLDER)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_only_the_generations_own_header_is_accepted(generation: str) -> None:
    app = TestClient(create_app(generation, (SMALL,)))
    assert app.get(RUN, headers=headers(generation)).status_code == 200
    other = next(each for each in map(headers, GENERATIONS) if each != headers(generation))
    for given in ({}, other, {"Authorization": SANDBOX_KEY}):
        response = app.get(RUN, headers=given)
        assert (response.status_code, response.json()) == (401, {"detail": "Not authenticated"})
    wrong = app.get(RUN, headers=headers(generation, "another-key"))
    assert (wrong.status_code, wrong.json()) == (401, {"detail": "Invalid API key"})


@pytest.mark.parametrize("generation", GENERATIONS)
def test_an_unknown_run_and_an_unknown_route_have_different_errors(generation: str) -> None:
    assert refusal(generation, "/v1/workflows/runs/none") == (404, "Workflow run not found")
    assert refusal(generation, "/v1/no/such/route") == (404, "Not Found")


@pytest.mark.parametrize("generation", OLDER)
def test_an_older_server_reads_a_newer_route_as_a_workflow_id(generation: str) -> None:
    assert refusal(generation, "/v1/workflows/steps?run_id=run_1") == (404, "Workflow not found")
    assert refusal(generation, "/v1/workflows/steps/run_1_read") == (404, "Not Found")


@pytest.mark.parametrize("generation", ["g1", "g2a"])
def test_servers_without_artifacts_read_the_list_as_a_workflow_id(generation: str) -> None:
    wanted = "/v1/workflows/artifacts?run_id=run_1"
    assert refusal(generation, wanted) == (404, "Workflow not found")


@pytest.mark.parametrize("generation", NEWER)
def test_a_newer_server_has_no_nested_steps(generation: str) -> None:
    assert refusal(generation, RUN + "/steps") == (404, "Not Found")


@pytest.mark.parametrize("generation", GENERATIONS)
def test_methods_that_write_are_refused(generation: str) -> None:
    response = client(generation).post("/v1/workflows/runs", json={})
    assert (response.status_code, response.json()) == (405, {"detail": "Method Not Allowed"})


def test_every_answer_has_a_request_id_of_its_own() -> None:
    asked = client("g3")
    responses = [asked.get(path) for path in (RUN, "/v1/nothing", "/v1/workflows/runs?limit=0")]
    assert [response.status_code for response in responses] == [200, 404, 422]
    ids = [response.headers["x-request-id"] for response in responses]
    assert ids == ["req_sandbox000001", "req_sandbox000002", "req_sandbox000003"]


def test_the_log_has_every_request_as_received() -> None:
    app = create_app("g3", (SMALL,))
    TestClient(app, headers=headers("g3")).get("/v1/workflows/steps/a%20b?run_id=run_1")
    (logged,) = app.state.requests
    assert (logged.method, logged.path, logged.query) == (
        "GET",
        "/v1/workflows/steps/a%20b",
        "run_id=run_1",
    )
    assert (logged.status, logged.request_id) == (404, "req_sandbox000001")
    assert not logged.reads_secret


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_secret_is_returned_and_the_log_shows_it(generation: str) -> None:
    app = create_app(generation, (SMALL,))
    asked = TestClient(app, headers=headers(generation))
    assert asked.get("/v1/secrets/erp/value").json()["value"]
    asked.get("/v1/workflows/runs/%2e%2e%2f%2e%2e%2fsecrets%2ferp%2fvalue")
    asked.get(RUN)
    assert [logged.reads_secret for logged in app.state.requests] == [True, True, False]


def test_a_hook_answers_before_the_sandbox_does() -> None:
    async def first_fails(request: Request) -> Response | None:
        failing = not app.state.requests
        return JSONResponse({"detail": "Try later"}, 503) if failing else None

    app = create_app("g3", (SMALL,), intercept=first_fails)
    asked = TestClient(app, headers=headers("g3"))
    assert [asked.get(RUN).status_code for _ in range(3)] == [503, 200, 200]
    assert [logged.status for logged in app.state.requests] == [503, 200, 200]


def test_an_unknown_generation_is_refused_and_the_known_ones_named() -> None:
    with pytest.raises(ValueError, match=", ".join(GENERATIONS)):
        create_app("g0", ())


def test_a_sample_is_served_in_its_generations_only() -> None:
    late = Sample(name="late", title="", runs=(FAILED,), generations=("g3",))
    assert client("g3", late).get(RUN).status_code == 200
    assert client("g1", late).get(RUN).status_code == 404
