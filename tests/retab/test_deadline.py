"""A deadline counts down by its clock and never below zero."""

from retab_mcp.retab.deadline import Deadline


def test_remaining_time_counts_down_to_zero() -> None:
    now = 100.0
    deadline = Deadline(lambda: now, 50)
    assert deadline.remaining() == 50.0
    assert not deadline.expired
    now = 149.5
    assert deadline.remaining() == 0.5
    assert not deadline.expired
    now = 150.0
    assert deadline.remaining() == 0.0
    assert deadline.expired
    now = 1000.0
    assert deadline.remaining() == 0.0


def test_a_deadline_of_zero_is_expired_at_once() -> None:
    assert Deadline(lambda: 0.0, 0).expired
