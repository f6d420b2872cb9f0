"""The cache forgets by time and by size, the least used first."""

from retab_mcp.retab.cache import BoundedCache


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_value_is_there_until_its_time_is_up() -> None:
    clock = Clock()
    cache = BoundedCache[str](max_bytes=100, seconds=300, clock=clock)
    cache.put(("caller", "run_1"), "a", 10)
    clock.now = 299.9
    assert cache.get(("caller", "run_1")) == "a"
    clock.now = 300.0
    assert cache.get(("caller", "run_1")) is None


def test_another_caller_does_not_see_it() -> None:
    cache = BoundedCache[str](max_bytes=100, seconds=300, clock=Clock())
    cache.put(("caller", "run_1"), "a", 10)
    assert cache.get(("stranger", "run_1")) is None


def test_when_full_the_least_recently_used_goes() -> None:
    cache = BoundedCache[str](max_bytes=100, seconds=300, clock=Clock())
    cache.put(("1",), "a", 40)
    cache.put(("2",), "b", 40)
    assert cache.get(("1",)) == "a"
    cache.put(("3",), "c", 40)
    assert [cache.get((key,)) for key in "123"] == ["a", None, "c"]


def test_a_value_larger_than_the_room_is_not_kept() -> None:
    cache = BoundedCache[str](max_bytes=100, seconds=300, clock=Clock())
    cache.put(("1",), "a", 60)
    cache.put(("2",), "b", 101)
    cache.put(("3",), "c", 40)
    assert [cache.get((key,)) for key in "123"] == ["a", None, "c"]


def test_a_newer_value_replaces_the_older() -> None:
    cache = BoundedCache[str](max_bytes=100, seconds=300, clock=Clock())
    cache.put(("1",), "a", 90)
    cache.put(("1",), "b", 95)
    assert cache.get(("1",)) == "b"
