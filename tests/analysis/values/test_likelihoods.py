"""Low likelihoods, worst first."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.values.likelihoods import LOW_LIKELIHOOD, low_likelihoods
from retab_mcp.digest.pointer import resolve_pointer


def test_worst_first_with_path_and_value() -> None:
    output = {"total": 8410.0, "lines": [{"quantity": 14}, {"quantity": 3}], "note": "ok"}
    likelihoods = {"total": 0.7, "lines": [{"quantity": 0.33}, {"quantity": 0.9}], "note": 1}
    low = low_likelihoods(likelihoods, output, 10, "/output")
    assert low.count == 2
    assert [(entry.path, entry.value, entry.likelihood) for entry in low.worst] == [
        ("/output/lines/0/quantity", 14, 0.33),
        ("/output/total", 8410.0, 0.7),
    ]


def test_averages_are_ignored() -> None:
    likelihoods = {"_consensus_score": 0.1, "a": {"_consensus_score": 0.2, "b": 0.95}}
    assert low_likelihoods(likelihoods, {"a": {"b": 1}}, 10, "").count == 0


def test_values_that_are_not_numbers_are_ignored() -> None:
    values: tuple[Any, ...] = (None, "0.2", True, [], {}, [None, "x"])
    for odd in values:
        assert low_likelihoods(odd, {"a": 1}, 10, "").count == 0


def test_a_likelihood_without_its_value_is_kept() -> None:
    low = low_likelihoods({"lines": [0.9, 0.1]}, {"lines": ["only one"]}, 10, "")
    assert [(entry.path, entry.value) for entry in low.worst] == [("/lines/1", None)]


def test_deep_nesting_is_read() -> None:
    deep: Any = 0.1
    for _ in range(100_000):
        deep = [deep]
    assert low_likelihoods(deep, deep, 1, "").count == 1


_TREES = st.recursive(
    st.floats(0, 1),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)


@given(_TREES, st.integers(1, 5))
def test_every_pointer_resolves_and_the_count_is_exact(tree: Any, limit: int) -> None:
    low = low_likelihoods(tree, tree, limit, "")
    assert low.count == sum(leaf < LOW_LIKELIHOOD for leaf in _leaves(tree))
    assert len(low.worst) == min(limit, low.count)
    assert [entry.likelihood for entry in low.worst] == sorted(
        leaf for leaf in _leaves(tree) if leaf < LOW_LIKELIHOOD
    )[:limit]
    for entry in low.worst:
        assert resolve_pointer(tree, entry.path).value == entry.likelihood


def _leaves(tree: Any) -> list[float]:
    if isinstance(tree, dict):
        return [leaf for key, inner in tree.items() for leaf in _leaves(inner)]
    if isinstance(tree, list):
        return [leaf for inner in tree for leaf in _leaves(inner)]
    return [tree]
