"""Matches of a search: iterations folded, repeated ones dropped, the most telling first."""

from typing import Any

import pytest

from retab_mcp.analysis.search.search_matches import (
    Match,
    count_by_place,
    fold_iterations,
    most_telling_first,
    without_repeated,
)
from retab_mcp.models import ArtifactRef, StepSummary
from tests.analysis.conftest import StepMaker

EXTRACTION = ArtifactRef(operation="extraction", id="extr_1")


def match(path: str, step: StepSummary | None = None, **fields: Any) -> Match:
    folded = tuple(None if token.isdigit() else token for token in path.split("/")[1:])
    defaults: dict[str, Any] = {
        "artifact": None,
        "is_key": False,
        "excerpt": "QUAY-7",
        "count": 1,
    }
    return Match(step=step, path=path, folded=folded, **(defaults | fields))


def test_the_iterations_of_a_block_are_one_match(make_step: StepMaker) -> None:
    found = fold_iterations(
        match("/handle_inputs/in/data/berth", make_step("book", n, loops=(("each", n),)))
        for n in range(3)
    )
    assert [(one.count, one.iterations) for one in found] == [(3, (0, 1, 2))]


def test_other_places_and_steps_outside_of_loops_stay_apart(make_step: StepMaker) -> None:
    inside = make_step("book", 0, loops=(("each", 0),))
    matches = [
        match("/handle_inputs/in/data/berth", inside),
        match("/handle_outputs/out/data/berth", inside),
        match("/handle_inputs/in/data/berth", inside, is_key=True),
        match("/handle_inputs/in/data/berth", make_step("poll", 1)),
        match("/handle_inputs/in/data/berth", make_step("poll", 2)),
        match("/inputs/berth"),
        match("/inputs/berth"),
    ]
    assert len(fold_iterations(matches)) == len(matches)


def test_an_artifact_that_repeats_the_outputs_is_left_out(make_step: StepMaker) -> None:
    step = make_step("read", 0)
    own = match("/handle_outputs/output-json-0/data/berth", step)
    repeated = match("/output/berth", step, artifact=EXTRACTION)
    other = match("/output/berth", step, artifact=EXTRACTION, excerpt="QUAY-9")
    schema = match("/json_schema/properties/berth", step, artifact=EXTRACTION)
    elsewhere = match("/output/berth", make_step("other", 1), artifact=EXTRACTION)
    assert without_repeated([own, repeated, other, schema, elsewhere]) == [
        own,
        other,
        schema,
        elsewhere,
    ]


def test_first_appearances_come_first_and_bulk_comes_last(make_step: StepMaker) -> None:
    read, send = make_step("read", 0), make_step("send", 1)
    words = match("/output/pages/0/words/4/text", read, artifact=EXTRACTION)
    schema = match("/json_schema/description", read, artifact=EXTRACTION)
    first = match("/handle_outputs/out/data/berth", read)
    second = match("/handle_outputs/out/data/note", read)
    later = match("/handle_inputs/in/data/berth", send)
    assert most_telling_first([words, schema, first, second, later]) == [
        first,
        later,
        second,
        schema,
        words,
    ]


def test_counts_by_place_add_up(make_step: StepMaker) -> None:
    step = make_step("read", 0)
    matches = [
        match("/handle_outputs/out/data/berth", step, count=4),
        match("/output/note", step, artifact=EXTRACTION),
        match("/inputs/json_data/start/berth", count=2),
        match("/output/note", artifact=EXTRACTION),
    ]
    counts = count_by_place(matches)
    assert counts == {"read": 5, "run": 2, "artifacts of unknown steps": 1}
    assert sum(counts.values()) == sum(one.count for one in matches)


@pytest.mark.parametrize(
    "name",
    [
        *[
            "json_schema",
            "schema",
            "inference_settings",
            "instructions",
            "subdocuments",
            "categories",
        ],
        *["config", "code", "headers"],
    ],
)
def test_settings_of_a_record_come_after_its_data(make_step: StepMaker, name: str) -> None:
    step = make_step("read")
    matches = [
        match(f"/{name}/title", step, artifact=EXTRACTION),
        match("/output/title", step, artifact=EXTRACTION),
        match(f"/{name}/title", step),
    ]
    assert [one.path for one in most_telling_first(matches)] == [
        *("/output/title", f"/{name}/title", f"/{name}/title"),
    ]
    assert most_telling_first(matches)[2].artifact == EXTRACTION


@pytest.mark.parametrize(
    "name",
    [
        *[
            "words",
            "word_list",
            "tokens",
            "layout",
            "bounding_box",
            "bounding_boxes",
            "bbox",
            "boxes",
            "polygon",
        ],
        *["coordinates", "geometry"],
    ],
)
def test_word_lists_and_layouts_come_last(make_step: StepMaker, name: str) -> None:
    step = make_step("read")
    matches = [
        match(f"/output/{name}/0/text", step, artifact=EXTRACTION),
        match("/json_schema/title", step, artifact=EXTRACTION),
        match("/output/text", step, artifact=EXTRACTION),
    ]
    paths = [one.path for one in most_telling_first(matches)]
    assert paths == ["/output/text", "/json_schema/title", f"/output/{name}/0/text"]


def test_matches_are_counted_by_block(make_step: StepMaker) -> None:
    matches = [
        match("/a", make_step("read"), count=3),
        match("/b", make_step("read")),
        match("/inputs/c"),
        match("/output/d", artifact=EXTRACTION, count=2),
    ]
    assert count_by_place(matches) == {"read": 4, "run": 1, "artifacts of unknown steps": 2}


def test_a_match_that_the_steps_outputs_repeat_is_dropped(make_step: StepMaker) -> None:
    step, other = make_step("read"), make_step("other")
    in_step = match("/handle_outputs/out/data/sku", step)
    repeated = match("/output/sku", step, artifact=EXTRACTION)
    kept = [
        match("/output/name", step, artifact=EXTRACTION),
        match("/output/sku", other, artifact=EXTRACTION),
        match("/output/sku", step, artifact=EXTRACTION, excerpt="QUAY-8"),
        match("/output/sku", step, artifact=EXTRACTION, is_key=True),
        match("/settings/sku", step, artifact=EXTRACTION),
    ]
    assert without_repeated([in_step, repeated, *kept]) == [in_step, *kept]
    assert without_repeated([repeated]) == [repeated]
    given = match("/handle_inputs/in/data/sku", step)
    assert without_repeated([given, repeated]) == [given, repeated]
