"""Known words become enum members; unknown words are kept."""

import json

import pytest

from retab_mcp.models import (
    FINISHED,
    Artifact,
    Category,
    ErrorKind,
    Failure,
    Operation,
    Review,
    ReviewVerdict,
    Run,
    Stage,
    Status,
    normal_status,
)


@pytest.mark.parametrize("status", list(Status))
def test_a_documented_status_is_a_member(status: Status) -> None:
    assert normal_status(status.value) is status


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("waiting_for_human", Status.AWAITING_REVIEW),
        ("failed", Status.ERROR),
        ("canceled", Status.CANCELLED),
        ("in_progress", Status.RUNNING),
    ],
)
def test_an_older_word_for_a_status_is_translated(word: str, status: Status) -> None:
    assert normal_status(word) is status


@pytest.mark.parametrize("word", ["paused", "ERROR", "", " error"])
def test_an_unknown_status_is_kept_as_it_is(word: str) -> None:
    assert normal_status(word) == word
    assert not isinstance(normal_status(word), Status)


def test_models_keep_unknown_words() -> None:
    run = Run(id="run_1", generation="g3", status="paused")
    artifact = Artifact(id="x_1", operation="transcription", status="draft")
    failure = Failure(stage="teleport", category="cosmic")
    review = Review(id="rev_1", run_id="run_1", block_id="b", verdict="escalated")
    assert review.verdict == "escalated"
    assert (run.status, artifact.operation, artifact.status) == ("paused", "transcription", "draft")
    assert (failure.stage, failure.category) == ("teleport", "cosmic")
    assert not run.finished


@pytest.mark.parametrize("enum", [Status, Operation, ErrorKind, Stage, Category, ReviewVerdict])
def test_members_are_written_as_their_words(enum: type[Status]) -> None:
    for member in enum:
        assert f"{member}" == json.loads(json.dumps(member)) == member.value


def test_a_run_that_awaits_review_is_not_finished() -> None:
    assert Status.AWAITING_REVIEW not in FINISHED
    assert {"completed", "error", "skipped", "cancelled"} == FINISHED
