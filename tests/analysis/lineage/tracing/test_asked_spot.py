"""Which place in a step's handles a path means."""

from typing import Any

import pytest

from retab_mcp.analysis.lineage.tracing.asked_spot import asked_spot, paths_of_values
from retab_mcp.analysis.records import step_record
from retab_mcp.digest.pointer import PathError
from retab_mcp.models import Step, StepPayload
from tests.analysis.lineage.tracing.tracing import Make, data

ORDER = {"lines": [{"sku": "A-1"}, {"sku": "B-2"}], "total": 12.5}
FILE = {"type": "file", "document": {"id": "file_1", "filename": "scan.pdf"}}
PAYLOAD = StepPayload({"in": data(ORDER), "doc": FILE, "none": None}, {"out": data({"sum": 12.5})})


def spot(make_step: Make, path: str, record: Any = None) -> tuple[str, Any] | None:
    step = make_step("shape")
    own = step_record(Step(summary=step, payload=PAYLOAD)) if record is None else record
    found = asked_spot(step, PAYLOAD, own, path)
    return (found.path, found.value) if found is not None else None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/handle_inputs/in/data/lines/1/sku", "B-2"),
        ("/handle_inputs/in/data/total", 12.5),
        ("/handle_outputs/out/data", {"sum": 12.5}),
        ("/handle_inputs/doc/document/id", "file_1"),
    ],
)
def test_a_path_into_a_handle_is_that_place(make_step: Make, path: str, value: Any) -> None:
    assert spot(make_step, path) == (path, value)


def test_a_handle_alone_means_what_it_holds(make_step: Make) -> None:
    assert spot(make_step, "/handle_inputs/in") == ("/handle_inputs/in/data", ORDER)
    assert spot(make_step, "/handle_inputs/doc") == (
        *("/handle_inputs/doc/document", FILE["document"]),
    )
    assert spot(make_step, "/handle_inputs/none") == ("/handle_inputs/none/data", None)


def test_a_path_to_all_handles_names_them(make_step: Make) -> None:
    with pytest.raises(PathError, match="must lead into a handle") as error:
        spot(make_step, "/handle_inputs")
    assert error.value.children == (
        *("/handle_inputs/in", "/handle_inputs/doc", "/handle_inputs/none"),
    )


def test_a_slice_is_no_single_value(make_step: Make) -> None:
    with pytest.raises(PathError, match="one value, not to a slice"):
        spot(make_step, "/handle_inputs/in/data/lines/0-2")


@pytest.mark.parametrize(
    ("record", "path", "found"),
    [
        ({"output": {"sum": 12.5}}, "/output/sum", "/handle_outputs/out/data/sum"),
        ({"output": {"total": 12.5}}, "/output/total", "/handle_inputs/in/data/total"),
        ({"rows": ORDER["lines"]}, "/rows/1/sku", None),
        ({"lines": ORDER["lines"]}, "/lines/1/sku", "/handle_inputs/in/data/lines/1/sku"),
        ({"inputs": {"in": ORDER}}, "/inputs/in/total", "/handle_inputs/in/data/total"),
        ({"output": {"sum": 13}}, "/output/sum", None),
    ],
)
def test_a_path_into_an_artifact_means_the_same_value_under_the_same_keys(
    make_step: Make, record: Any, path: str, found: str | None
) -> None:
    place = spot(make_step, path, record)
    assert (place[0] if place is not None else None) == found


@pytest.mark.parametrize(
    ("path", "paths"),
    [
        ("/consensus/likelihoods/total", ["/output/total", "/output"]),
        ("/consensus/choices/0/total", ["/output/0/total", "/output/total"]),
        ("/consensus/likelihoods", []),
        ("/output/total", []),
        ("/evaluations", []),
        ("/evaluations/x", []),
        ("/evaluations/9/actual", []),
        (
            "/evaluations/0/actual",
            [
                "/handle_inputs/in/data/lines/0/sku",
                "/handle_inputs/doc/data/lines/0/sku",
                "/handle_inputs/none/data/lines/0/sku",
                "/handle_inputs/in/data/total",
                "/handle_inputs/doc/data/in/total",
                "/handle_inputs/none/data/in/total",
            ],
        ),
        ("/evaluations/1", []),
    ],
)
def test_likelihoods_votes_and_conditions_are_about_values(path: str, paths: list[str]) -> None:
    condition = {"path": "$.lines[*].sku", "sub_evaluations": [{"path": "in.total"}]}
    record = {"evaluations": [condition, {}]}
    assert list(paths_of_values(record, PAYLOAD, path)) == paths


def test_evaluations_of_another_shape_are_about_nothing() -> None:
    assert list(paths_of_values({"evaluations": "x"}, PAYLOAD, "/evaluations/0")) == []
