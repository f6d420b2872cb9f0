"""An id, whatever it contains, leads to the intended route only."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.models import Operation
from retab_mcp.retab import routes
from retab_mcp.retab.artifact_routes import PRIMITIVES
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.routes import NEVER_CALLED, ROUTES, Route, build_path, find_route

ROUTES_WITH_IDS = [route for route in ROUTES if route.id_names]

# Parts of typical attacks, so that random ids come close to real ones.
ATTACK_PARTS = [
    *("..", ".", "/", "\\", "//", "%2e", "%2E", "%2f", "%252f", "%5c", "%00"),
    *("?", "#", ";", "@", ":", "{run_id}"),
    *("secrets", "value", "v1", "workflows", "runs", "export"),
]
id_parts = st.one_of(st.text(max_size=5), st.sampled_from(ATTACK_PARTS))
wild_ids = st.lists(id_parts, max_size=8).map("".join)


def filled(route: Route, value: str) -> dict[str, str]:
    return dict.fromkeys(route.id_names, value)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.template)
def test_every_route_is_found_by_its_own_path(route: Route) -> None:
    path = build_path(route, filled(route, "run_4fVqP"))
    assert find_route(path) is route
    assert path == route.template.format_map(filled(route, "run_4fVqP"))


def test_ids_are_percent_encoded() -> None:
    path = build_path(routes.RUN_STEP, {"run_id": "run_1?a=b#c", "step_id": "étape 50% {x};v"})
    assert path == ("/v1/workflows/runs/run_1%3Fa%3Db%23c/steps/%C3%A9tape%2050%25%20%7Bx%7D%3Bv")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        (".", "relative path"),
        ("..", "relative path"),
        ("%2e%2E", "relative path"),
        ("%252e%252e", "relative path"),
        ("../secrets/prod/value", "slash"),
        ("..\\secrets", "slash"),
        ("..%2Fsecrets%2Fprod%2Fvalue", "slash"),
        ("a%255cb", "slash"),
        ("run_1\n", "control character"),
        ("run_1\x7f", "control character"),
        ("run_1\x85", "control character"),
        ("run_1%00", "control character"),
        ("run_\ud800", "control character"),
        ("r" * 257, "longer than 256"),
        ("%25252525252e", "too many times"),
    ],
)
def test_an_id_that_could_leave_its_place_is_refused(value: str, reason: str) -> None:
    with pytest.raises(RetabError, match=reason) as caught:
        build_path(routes.RUN, {"run_id": value})
    assert caught.value.kind == "invalid_argument"
    assert "run_id" in caught.value.message


def test_an_id_of_256_characters_is_accepted() -> None:
    assert build_path(routes.RUN, {"run_id": "r" * 256}).endswith("/" + "r" * 256)


@pytest.mark.parametrize(
    ("route", "ids"),
    [
        (routes.RUN, {"run_id": "export"}),
        (PRIMITIVES[Operation.EXTRACTION], {"artifact_id": "download"}),
        (routes.WORKFLOW, {"workflow_id": "runs"}),
        (routes.WORKFLOW, {"workflow_id": "evals"}),
        (routes.EXPERIMENT, {"experiment_id": "metrics"}),
        (routes.WORKFLOW_VERSION, {"workflow_version_id": "diff"}),
        (routes.REVIEW_OF_BLOCK, {"run_id": "versions", "block_id": "rvr_1"}),
    ],
)
def test_a_reserved_word_is_refused_as_an_id(route: Route, ids: dict[str, str]) -> None:
    with pytest.raises(RetabError, match="a reserved word of the Retab API") as caught:
        build_path(route, ids)
    assert caught.value.kind == "invalid_argument"


@pytest.mark.parametrize("ids", [{}, {"id": "x"}, {"run_id": "x", "step_id": "y"}])
def test_ids_that_the_route_does_not_name_are_a_value_error(ids: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="run_id"):
        build_path(routes.RUN, ids)


@given(route=st.sampled_from(ROUTES_WITH_IDS), data=st.data())
def test_no_id_reaches_another_route(route: Route, data: st.DataObject) -> None:
    values = {name: data.draw(wild_ids, label=name) for name in sorted(route.id_names)}
    try:
        path = build_path(route, values)
    except RetabError:
        return
    assert path.isascii()
    assert path.count("/") == route.template.count("/")
    assert find_route(path) is route
    # What the server sees after decoding each segment is what was given, in its own place.
    for part, segment in zip(route.template.split("/"), path.split("/"), strict=True):
        assert unquote(segment) == (values[part[1:-1]] if part.startswith("{") else part)
    assert "secrets" not in path.split("/")[:3]


@given(name=wild_ids)
def test_no_route_leads_to_a_secret(name: str) -> None:
    assert find_route(f"/v1/secrets/{name}/value") is None


def test_reserved_paths_are_not_allowed() -> None:
    for route in NEVER_CALLED:
        assert find_route(route.template.replace("{", "").replace("}", "")) is None


def test_the_allow_list_has_no_duplicates() -> None:
    templates = [route.template for route in ROUTES]
    assert len(templates) == len(set(templates))
    assert all(template.startswith("/v1/") for template in templates)
    assert not [
        template for template in templates if "secret" in template or "download" in template
    ]
